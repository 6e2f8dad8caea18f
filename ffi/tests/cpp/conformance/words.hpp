// The value of a word: always bytes.
#ifndef WORDS_HPP
#define WORDS_HPP

#include <charconv>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include "mistake.hpp"

class Words {
 public:
  explicit Words(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void set_value(const std::string& name, std::string value) { values_[name] = std::move(value); }

  // The value of a word. Throws Mistake, as all here.
  std::string evaluate(std::string_view word) const;

  // A word that is a path, made absolute.
  std::filesystem::path path(std::string_view word) const { return folder_ / evaluate(word); }

  // A word that is a number of this type.
  template <class T>
  T number(std::string_view word) const {
    const std::string text = evaluate(word);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw Mistake("`" + text.substr(0, 60) + "` is no such number");
    }
    return value;
  }

 private:
  std::string part(std::string_view part) const;
  std::string piece(std::string_view piece) const;
  std::string generate(std::string_view generator, std::string_view arguments) const;
  std::string slice(std::string_view arguments) const;

  std::filesystem::path folder_;
  std::map<std::string, std::string, std::less<>> values_;
};

// The bytes of a file.
std::string read_file(const std::filesystem::path& path);

// Bytes as a person reads them, the beginning of them.
std::string brief(std::string_view bytes);

#endif
