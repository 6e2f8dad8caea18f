// What the script reached: a file of lines for the check over all languages.
#ifndef COVERAGE_HPP
#define COVERAGE_HPP

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

class Coverage {
 public:
  // An operation that succeeded, or a part of one.
  void operation(const std::string& name) { lines_.insert("op " + name); }
  // An error code that a line expected and got.
  void code(const std::string& name) { lines_.insert("code " + name); }
  // A file that ran to its end.
  void passed(const std::string& name) { lines_.insert("passed " + name); }

  // Writes the lines to the file that OUROBOROSDB_COVERAGE names, if it does; whether that went well.
  bool write() const {
    const char* path = std::getenv("OUROBOROSDB_COVERAGE");
    if (path == nullptr) return true;
    std::ofstream file(path);
    for (const std::string& line : lines_) file << line << '\n';
    file.close();
    return file.good();
  }

 private:
  std::set<std::string> lines_ = {"language cpp"};
};

#endif
