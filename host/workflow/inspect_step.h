#pragma once
// inspect: what is in a network file.

#include <string>

#include <nlohmann/json.hpp>

#include "host/ir/graph.h"

namespace edgesmith {

/// A table of the operators for people: place, kind, name, shapes, multiply-accumulates, then the ends and totals.
std::string network_text(const ir::Graph& graph);

/// The same as data: inputs, outputs, ops (with shapes, types, quantisation, multiply-accumulates), constant bytes, and
/// which operators the device's kernels take.
nlohmann::ordered_json network_json(const ir::Graph& graph);

}  // namespace edgesmith
