// Files in and out.
#ifndef VERBS_FILES_HPP
#define VERBS_FILES_HPP

#include <algorithm>
#include <deque>
#include <fstream>
#include <istream>
#include <streambuf>
#include <vector>

#include "answer.hpp"
#include "control.hpp"
#include "fields.hpp"

// Hands out its bytes in small pieces.
class Pieces : public std::streambuf {
 public:
  explicit Pieces(std::string bytes) : bytes_(std::move(bytes)) {}

 protected:
  std::streamsize xsgetn(char* to, std::streamsize wanted) override {
    const std::size_t count = bytes_.copy(to, std::min<std::size_t>(static_cast<std::size_t>(wanted), 1000), at_);
    at_ += count;
    return static_cast<std::streamsize>(count);
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

// Gives a call the source that a word names.
template <class Call>
auto with_source(const Names& names, const std::string& word, Call call) {
  const std::size_t colon = word.find(':');
  const std::string kind = word.substr(0, colon);
  if (kind == "file") return call(ouroborosdb::Source(names.path(word.substr(colon + 1))));
  if (kind == "stream") {
    Pieces pieces(names.evaluate(word.substr(colon + 1)));
    std::istream stream(&pieces);
    return call(ouroborosdb::Source(stream));
  }
  if (kind == "source_fails") {
    std::size_t left = names.number<std::size_t>(word.substr(colon + 1));
    return call(ouroborosdb::Source([left](void* buffer, std::size_t capacity) mutable {
      const std::size_t count = std::min<std::size_t>({left, capacity, 1000});
      if (count == 0) return ouroborosdb::Source::failed;
      std::fill_n(static_cast<char*>(buffer), count, '\0');
      left -= count;
      return count;
    }));
  }
  return call(ouroborosdb::Source(names.evaluate(word)));
}

// The sources of many files at once, and what they are views of.
class Sources {
 public:
  Sources(const Names& names, const Statement& line, const ouroborosdb::NewEvent& event) {
    for (const auto& [key, word] : line.options) {
      if (key == "under") files.back().parent = ouroborosdb::EventId::from_hex(names.evaluate(word));
      if (key != "file") continue;
      const std::size_t colon = word.find(':');
      const std::string kind = word.substr(0, colon);
      if (kind == "stream") {
        streams_.emplace_back(&pieces_.emplace_back(names.evaluate(word.substr(colon + 1))));
        files.push_back({streams_.back(), event});
      } else if (kind == "file" || kind == "source_fails") {
        with_source(names, word, [&](const ouroborosdb::Source& source) { files.push_back({source, event}); });
      } else {
        files.push_back({bytes_.emplace_back(names.evaluate(word)), event});
      }
    }
  }

  std::vector<ouroborosdb::NewFile> files;

 private:
  // Deques: their elements stay where they are.
  std::deque<std::string> bytes_;
  std::deque<Pieces> pieces_;
  std::deque<std::istream> streams_;
};

inline void add_files(Verbs& verbs) {
  using ouroborosdb::FileWriter;
  verbs["put_file"] = {3, file_options, [](Names& names, const Statement& line) -> Outcome {
                         const Fields fields(names, line);
                         const ouroborosdb::EventId parent = id(names, line.words[1]);
                         return with_source(names, line.words[2], [&](const ouroborosdb::Source& source) {
                           const auto& db = database(names, line);
                           return text(db.put_file(parent, source, fields.event(), control(names, line, &db)));
                         });
                       }};
  verbs["put_files"] = {2, many_files_options, [](Names& names, const Statement& line) -> Outcome {
                          const Fields fields(names, line);
                          const ouroborosdb::EventId parent = id(names, line.words[1]);
                          const Sources sources(names, line, fields.event());
                          ouroborosdb::PutFilesOptions options;
                          if (const auto* word = line.option("call_durability")) options.durability = durability(*word);
                          const auto& db = database(names, line);
                          return list(db.put_files(parent, sources.files, control(names, line, &db), options));
                        }};
  verbs["read_file"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                          return text(database(names, line).read_file(id(names, line.words[1])));
                        }};
  verbs["open_file"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                          return database(names, line).open_file(id(names, line.words[1]));
                        }};
  verbs["file_writer"] = {2, field_options, [](Names& names, const Statement& line) -> Outcome {
                            const Fields fields(names, line);
                            return database(names, line).file_writer(id(names, line.words[1]), fields.event());
                          }};
  verbs["file_writer.write"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  names.get<FileWriter>(line.words[0]).write(names.evaluate(line.words[1]));
                                  return "";
                                }};
  verbs["file_writer.length"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                   return text(names.get<FileWriter>(line.words[0]).length());
                                 }};
  verbs["file_writer.finish"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                   return text(names.get<FileWriter>(line.words[0]).finish());
                                 }};
  verbs["file_writer.abort"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  names.get<FileWriter>(line.words[0]).abort();
                                  return "";
                                }};
}

inline void add_readers(Verbs& verbs) {
  using ouroborosdb::FileReader;
  using ouroborosdb::Seek;
  verbs["file_reader.read"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                                 std::string buffer(names.number<std::size_t>(line.words[1]), '\0');
                                 buffer.resize(names.get<FileReader>(line.words[0]).read(buffer));
                                 return buffer;
                               }};
  verbs["file_reader.read_at"] = {3, no_options, [](Names& names, const Statement& line) -> Outcome {
                                    const auto offset = names.number<std::uint64_t>(line.words[1]);
                                    std::string buffer(names.number<std::size_t>(line.words[2]), '\0');
                                    buffer.resize(names.get<FileReader>(line.words[0]).read_at(offset, buffer));
                                    return buffer;
                                  }};
  verbs["file_reader.seek"] = {3, no_options, [](Names& names, const Statement& line) -> Outcome {
                                 static const std::map<std::string, Seek> origins{
                                     {"start", Seek::start}, {"current", Seek::current}, {"end", Seek::end}};
                                 const auto offset = names.number<std::int64_t>(line.words[2]);
                                 const Seek from = origins.at(line.words[1]);
                                 return text(names.get<FileReader>(line.words[0]).seek(from, offset));
                               }};
  verbs["file_reader.write_to"] = {2, control_options, [](Names& names, const Statement& line) -> Outcome {
                                     std::ofstream stream(names.path(line.words[1]), std::ios::binary);
                                     const FileReader& reader = names.get<FileReader>(line.words[0]);
                                     return text(reader.write_to(stream, control(names, line)));
                                   }};
  verbs["file_reader.write_to_path"] = {2, control_options, [](Names& names, const Statement& line) -> Outcome {
                                          const FileReader& reader = names.get<FileReader>(line.words[0]);
                                          const std::filesystem::path path = names.path(line.words[1]);
                                          return text(reader.write_to_path(path, control(names, line)));
                                        }};
  verbs["file_reader.position"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                     return text(names.get<FileReader>(line.words[0]).position());
                                   }};
  verbs["file_reader.length"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                   return text(names.get<FileReader>(line.words[0]).length());
                                 }};
}

#endif
