// What all verbs share: what they take, and bytes of what they give.
#ifndef ANSWER_HPP
#define ANSWER_HPP

#include <map>
#include <optional>
#include <string>
#include <type_traits>

#include "../kinds.hpp"
#include "../statement.hpp"
#include "../verb.hpp"

inline constexpr const char* no_options = " ";
inline constexpr const char* control_options = " cancel cancel_within progress ";
inline constexpr const char* import_options = " durability cancel cancel_within progress ";
inline constexpr const char* field_options = " metadata attribute follows temporary expires_ms full_text durability ";
inline constexpr const char* file_options =
    " metadata attribute follows temporary expires_ms full_text durability cancel cancel_within progress ";

inline constexpr const char* many_files_options =
    " file under call_durability metadata attribute follows temporary expires_ms full_text durability cancel "
    "cancel_within progress ";

inline std::string text(bool value) { return value ? "true" : "false"; }
inline std::string text(const std::string& value) { return value; }
inline std::string text(std::string_view value) { return std::string(value); }
inline std::string text(const char* value) { return value; }
inline std::string text(ouroborosdb::Bytes value) { return value.str(); }
inline std::string text(const ouroborosdb::Buffer& value) { return value.str(); }
inline std::string text(const ouroborosdb::EventId& value) { return value.str(); }
inline std::string text(const ouroborosdb::Event& value) { return value.id().str(); }
inline std::string text(const std::filesystem::path& value) { return value.native(); }
inline std::string text(const ouroborosdb::RootEntry& value) { return value.title + "=" + value.root.str(); }
inline std::string text(const ouroborosdb::Attribute& value) {
  return std::string(value.name) + "=" + value.value.str();
}
template <class Number, std::enable_if_t<std::is_integral_v<Number> && !std::is_same_v<Number, bool>, int> = 0>
std::string text(Number value) {
  return std::to_string(value);
}
// `none` for what is absent.
template <class T>
std::string text(const std::optional<T>& value) {
  return value ? text(*value) : "none";
}

// Parts with commas between them.
template <class Range>
std::string list(Range&& range) {
  std::string joined;
  bool first = true;
  for (const auto& one : range) {
    if (!first) joined += ',';
    first = false;
    joined += text(one);
  }
  return joined;
}

// The id that a word is the text of, by the library's own conversion.
inline ouroborosdb::EventId id(const Names& names, const std::string& word) {
  return ouroborosdb::EventId::from_hex(names.evaluate(word));
}

inline ouroborosdb::Database& database(Names& names, const Statement& statement) {
  return names.get<ouroborosdb::Database>(statement.words[0]);
}

#endif
