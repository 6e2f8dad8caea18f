/// \file
/// How a long call is cancelled and watched.

#ifndef OUROBOROSDB_CONTROL_HPP
#define OUROBOROSDB_CONTROL_HPP

#include <cstdint>
#include <functional>
#include <optional>

#include "call.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// Cancels the calls that it is given to, which then fail with `cancelled`. It stays cancelled. Threads may share
/// it; it may go while calls that hold it run.
class CancelToken : public Owned<ouro_cancel_token, ouro_cancel_token_free> {
 public:
  using Owned::Owned;

  /// A token that is not cancelled.
  CancelToken() noexcept : Owned(ouro_cancel_token_new()) {}

  /// Cancels the calls that hold this token, and those that will get it. From any thread.
  void cancel() const noexcept { ouro_cancel_token_cancel(c_handle()); }

  /// Whether the token was cancelled.
  bool is_cancelled() const noexcept { return ouro_cancel_token_is_cancelled(c_handle()); }
};

/// How far a long call has come.
struct Progress {
  /// Bytes so far.
  std::uint64_t bytes = 0;
  /// Items so far, where the call counts any.
  std::uint64_t items = 0;
};

/// How a long call is cancelled and watched.
struct Control {
  /// Cancels the call; may be null.
  const CancelToken* cancel = nullptr;
  /// Is told how far the call has come, about 20 times a second at most and once at the end, on the calling thread,
  /// only during the call, under no lock. It may call the database. If it throws, it is not called again, the call
  /// is cancelled (by `cancel` where that is given, which stays cancelled), and the exception leaves the method
  /// when the library has returned; what the call did by then stays done.
  std::function<void(const Progress&)> progress = {};
};

namespace detail {

/// A control as the C library takes it, for one call. It lends what the control lends.
class CControl {
 public:
  explicit CControl(const Control& control) : control_(control) {
    if (control.progress) {
      // An exception has to end the call, and a token is the only way to do that.
      if (has_exceptions && control.cancel == nullptr) own_.emplace();
      c_.progress = &CControl::on_progress;
      c_.progress_userdata = this;
    }
    if (const CancelToken* token = this->token()) c_.cancel = token->c_handle();
  }
  CControl(const CControl&) = delete;
  CControl& operator=(const CControl&) = delete;

  const ouro_control* c_control() const noexcept { return &c_; }

  /// What callbacks of the call threw.
  Caught& caught() noexcept { return caught_; }

 private:
  const CancelToken* token() const noexcept { return own_ ? &*own_ : control_.cancel; }

  static void on_progress(void* userdata, std::uint64_t bytes, std::uint64_t items) noexcept {
    CControl& self = *static_cast<CControl*>(userdata);
    if (self.caught_.any()) return;
    const bool finished = self.caught_.run([&] { self.control_.progress(Progress{bytes, items}); });
    if (!finished && self.token() != nullptr) self.token()->cancel();
  }

  const Control& control_;
  std::optional<CancelToken> own_;
  Caught caught_;
  ouro_control c_ = OURO_CONTROL_INIT;
};

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_CONTROL_HPP
