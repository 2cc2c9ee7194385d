#pragma once
// toml++, made fit for any text: on a header that does not begin with a name, such as "[=]", its parser (3.3.0) ends in
// an assertion, or, with NDEBUG, goes on as if it held. Here it throws toml::parse_error as for any other mistake.

namespace edgesmith {
[[noreturn]] void refuse_toml();
}

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::edgesmith::refuse_toml())
#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace edgesmith {

inline void refuse_toml() {
  throw toml::parse_error("after '[' a name must follow", toml::source_region{});
}

}  // namespace edgesmith
