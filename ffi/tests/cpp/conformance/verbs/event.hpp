// What an event says, and ids.
#ifndef VERBS_EVENT_HPP
#define VERBS_EVENT_HPP

#include "answer.hpp"

inline std::string hex(ouroborosdb::Bytes bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string made;
  for (const std::uint8_t byte : bytes) made += {digits[byte >> 4], digits[byte & 15]};
  return made;
}

// A field of an event, which a getter gives.
template <auto Getter>
void add_field(Verbs& verbs, const char* name) {
  verbs[name] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                   return text((names.get<ouroborosdb::Event>(line.words[0]).*Getter)());
                 }};
}

inline void add_event(Verbs& verbs) {
  using ouroborosdb::Event;
  add_field<&Event::id>(verbs, "event.id");
  add_field<&Event::parent>(verbs, "event.parent");
  add_field<&Event::time_ms>(verbs, "event.time_ms");
  add_field<&Event::time_counter>(verbs, "event.time_counter");
  add_field<&Event::sequence>(verbs, "event.sequence");
  add_field<&Event::title>(verbs, "event.title");
  add_field<&Event::metadata>(verbs, "event.metadata");
  add_field<&Event::content_length>(verbs, "event.content_length");
  add_field<&Event::temporary>(verbs, "event.temporary");
  add_field<&Event::expires_ms>(verbs, "event.expires_ms");
  add_field<&Event::full_text>(verbs, "event.full_text");
  verbs["event.kind"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                           return text(name(names.get<Event>(line.words[0]).kind()));
                         }};
  verbs["event.follows"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                              return list(names.get<Event>(line.words[0]).follows());
                            }};
  verbs["event.attributes"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                 return list(names.get<Event>(line.words[0]).attributes());
                               }};
  verbs["event.origin"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                             return hex(names.get<Event>(line.words[0]).origin());
                           }};
  verbs["event.attribute"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                                return text(names.get<Event>(line.words[0]).attribute(names.evaluate(line.words[1])));
                              }};
  verbs["event_id.from_hex"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  return text(id(names, line.words[0]));
                                }};
  verbs["event_id.from_bytes"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                    return text(ouroborosdb::EventId::from_bytes(names.evaluate(line.words[0])));
                                  }};
  verbs["event_id.to_bytes"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  return text(ouroborosdb::Bytes(id(names, line.words[0]).bytes()));
                                }};
}

#endif
