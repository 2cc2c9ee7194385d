#pragma once
// A generated network, as network_app sees it.

#include "device/base/span.h"
#include "device/base/status.h"

namespace app {

/// `Network` is <name>::Network; the build passes the rest of <name>.h as functions, since a namespace is no parameter.
template <typename Network, typename Ends>
class GeneratedNetwork {
 public:
  edgesmith::Status begin() {
    return network_.begin();
  }
  uint32_t inputs() const {
    return Ends::kInputCount;
  }
  uint32_t outputs() const {
    return Ends::kOutputCount;
  }
  edgesmith::Span<uint8_t> input(uint32_t i) {
    return {Ends::arena() + Ends::input(i).offset, Ends::input(i).bytes};
  }
  edgesmith::Span<const uint8_t> output(uint32_t i) {
    return {Ends::arena() + Ends::output(i).offset, Ends::output(i).bytes};
  }
  void run() {
    network_.run();
  }
  bool intact() const {
    return Ends::intact();
  }

 private:
  Network network_;
};

}  // namespace app
