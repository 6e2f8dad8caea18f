// A mistake in the script, or a set-up step that failed: never what a line may expect.
#ifndef MISTAKE_HPP
#define MISTAKE_HPP

#include <stdexcept>
#include <string>

struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

#endif
