// Cancelling and watching.
#ifndef VERBS_CONTROL_HPP
#define VERBS_CONTROL_HPP

#include "answer.hpp"

// What the line says about cancelling and watching the call. The function that watches asks the database for its
// figures, to show that it may.
inline ouroborosdb::Control control(Names& names, const Statement& statement,
                                    const ouroborosdb::Database* db = nullptr) {
  using ouroborosdb::CancelToken;
  using ouroborosdb::Progress;
  ouroborosdb::Control made;
  if (const std::string* name = statement.option("cancel")) made.cancel = &names.get<CancelToken>(*name);
  if (const std::string* name = statement.option("cancel_within")) {
    made.cancel = &names.get<CancelToken>(*name);
    made.progress = [token = made.cancel](const Progress&) { token->cancel(); };
  }
  if (const std::string* name = statement.option("progress")) {
    names.set_handle(*name, std::make_unique<HandleOf<Watched>>(Watched{}));
    made.progress = [&seen = names.get<Watched>(*name), db](const Progress& now) {
      seen = {seen.calls + 1, now};
      if (db != nullptr) db->stats();
    };
  }
  return made;
}

inline void add_control(Verbs& verbs) {
  using ouroborosdb::CancelToken;
  verbs["cancel_token"] = {0, no_options, [](Names&, const Statement&) -> Outcome { return CancelToken(); }};
  verbs["cancel_token.cancel"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                    names.get<CancelToken>(line.words[0]).cancel();
                                    return "";
                                  }};
  verbs["cancel_token.is_cancelled"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                          return text(names.get<CancelToken>(line.words[0]).is_cancelled());
                                        }};
  verbs["script.progress_calls"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                      return text(names.get<Watched>(line.words[0]).calls);
                                    }};
  verbs["script.progress_bytes"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                      return text(names.get<Watched>(line.words[0]).last.bytes);
                                    }};
  verbs["script.progress_items"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                      return text(names.get<Watched>(line.words[0]).last.items);
                                    }};
}

#endif
