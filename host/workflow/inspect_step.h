#pragma once
// inspect: what is in a network file.

#include <string>

#include <nlohmann/json.hpp>

#include "host/workflow/network_file.h"

namespace edgesmith {

struct Inspection {
  nlohmann::ordered_json data;
  std::string text;
};

/// inputs, outputs, ops (with shapes, types, quantisation, multiply-accumulates), constant bytes; which operators the
/// device's kernels take, and why not the others. Of a file that the importers refuse: only what they say of it.
/// Throws Error for what is no network file at all.
Inspection inspect_network_file(const NetworkFile& file);

}  // namespace edgesmith
