// The names of a script file: values and handles.
#ifndef NAMES_HPP
#define NAMES_HPP

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "words.hpp"

// What a kind of handle is called; `kinds.hpp` has the kinds.
template <class T>
inline constexpr const char* kind_of = nullptr;

// What a name without a dollar stands for.
struct Handle {
  virtual ~Handle() = default;
  virtual const char* kind() const = 0;
};

template <class T>
struct HandleOf final : Handle {
  explicit HandleOf(T given) : value(std::move(given)) {}
  const char* kind() const override { return kind_of<T>; }
  T value;
};

class Names : public Words {
 public:
  using Words::Words;

  // The handle of this kind and name.
  template <class T>
  T& get(const std::string& name) {
    const auto found = handles_.find(name);
    auto* handle = found == handles_.end() ? nullptr : dynamic_cast<HandleOf<T>*>(found->second.get());
    if (handle == nullptr) throw Mistake("`" + name + "` is no " + kind_of<T>);
    return handle->value;
  }

  // Keeps a handle; one of the same name is freed.
  void set_handle(const std::string& name, std::unique_ptr<Handle> handle) { handles_[name] = std::move(handle); }

  void free(const std::string& name) {
    if (handles_.erase(name) == 0) throw Mistake("there is no handle `" + name + "`");
  }

 private:
  std::map<std::string, std::unique_ptr<Handle>> handles_;
};

#endif
