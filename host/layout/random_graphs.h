#pragma once
// Random networks for the tests of this folder: branches, residuals, several ends, reshapes, overlaps of every kind.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/base/random.h"
#include "host/layout/layout.h"

namespace edgesmith::layout {

struct RandomNetwork {
  ir::Graph graph;
  std::map<std::pair<std::string, std::size_t>, Overlap> overlaps;  // by operator's name and input
  std::map<std::string, std::size_t> scratch;

  Options options(std::size_t alignment = 16, bool reorder = true) const {
    Options options;
    options.alignment = alignment;
    options.overlap = [this](const ir::Op& op, std::size_t input) {
      const auto at = overlaps.find({op.name, input});
      return at == overlaps.end() ? Overlap{} : at->second;
    };
    options.scratch = [this](const ir::Op& op) {
      const auto at = scratch.find(op.name);
      return at == scratch.end() ? std::size_t{0} : at->second;
    };
    options.reorder = reorder;
    return options;
  }
};

inline ir::TensorId add_activation(ir::Graph& graph, std::int64_t bytes, const std::string& name = "") {
  ir::Tensor tensor;
  tensor.name = name.empty() ? "t" + std::to_string(graph.tensors.size()) : name;
  tensor.dtype = ir::DType::s8;
  tensor.shape = {1, bytes};
  return graph.add(tensor);
}

class NetworkMaker {
 public:
  NetworkMaker(Random& random, std::size_t tensors, std::uint32_t max_bytes)
      : random_(random),
        tensors_(tensors),
        max_bytes_(max_bytes),
        chain_(random.below(2) == 0),
        reach_(chain_ ? 1 : 2 + random.below(6)) {}

  RandomNetwork make() {
    ir::Graph& graph = network_.graph;
    for (std::uint32_t inputs = 1 + random_.below(chain_ ? 1 : 2); inputs > 0; --inputs)
      graph.inputs.push_back(new_tensor());
    while (graph.tensors.size() < tensors_)
      add_op();
    std::vector<bool> read(graph.tensors.size(), false);
    for (const ir::Op& op : graph.ops)
      for (const ir::TensorId id : op.inputs)
        read[static_cast<std::size_t>(id)] = true;
    for (std::size_t t = 0; t < read.size(); ++t)
      if ((!read[t] && random_.below(8) != 0) || random_.below(chain_ ? 40 : 12) == 0)
        graph.outputs.push_back(static_cast<ir::TensorId>(t));
    return std::move(network_);
  }

 private:
  ir::TensorId new_tensor() {
    const std::uint32_t least = chain_ ? max_bytes_ / 2 : 1;
    return add_activation(network_.graph, least + random_.below(max_bytes_ - least + 1));
  }

  // One of the last `reach` tensors.
  ir::TensorId some_tensor(std::uint32_t reach) {
    const auto count = static_cast<std::uint32_t>(network_.graph.tensors.size());
    return static_cast<ir::TensorId>(count - 1 - random_.below(std::min(count, reach)));
  }

  void add_op() {
    ir::Graph& graph = network_.graph;
    ir::Op op{ir::OpKind::softmax, {some_tensor(reach_)}, {}, {}, "op" + std::to_string(graph.ops.size())};
    if (random_.below(10) == 0) {
      op.kind = ir::OpKind::reshape;
      op.outputs.push_back(add_activation(graph, graph.tensor(op.inputs[0]).shape[1]));
    } else {
      while (random_.below(chain_ ? 6 : 3) == 0)
        op.inputs.push_back(some_tensor(chain_ ? 3 : reach_));
      op.outputs.push_back(new_tensor());
      if (random_.below(10) == 0 && graph.tensors.size() < tensors_) op.outputs.push_back(new_tensor());
      if (random_.below(chain_ ? 12 : 5) == 0)
        network_.scratch[op.name] = 1 + random_.below(max_bytes_ / (chain_ ? 4 : 1));
      const bool shares = random_.below(chain_ ? 10 : 3) != 0;
      for (std::size_t k = 0; shares && k < op.inputs.size(); ++k)
        network_.overlaps[{op.name, k}] = overlap(bytes(op.inputs[k]) + bytes(op.outputs[0]));
    }
    graph.ops.push_back(op);
  }

  Overlap overlap(std::uint32_t both_bytes) {
    Overlap overlap;
    overlap.forwards = distance(both_bytes);
    if (random_.below(chain_ ? 5 : 2) == 0) overlap.backwards = distance(both_bytes);
    return overlap;
  }

  std::optional<std::ptrdiff_t> distance(std::uint32_t both_bytes) {
    if (chain_) return random_.below(max_bytes_ / 2);
    switch (random_.below(5)) {
      case 0:
        return std::nullopt;
      case 1:
        return 0;
      case 2:
        return -static_cast<std::ptrdiff_t>(random_.below(max_bytes_ / 2));
      default:
        return random_.below(both_bytes);
    }
  }

  std::uint32_t bytes(ir::TensorId id) const {
    return static_cast<std::uint32_t>(ir::tensor_bytes(network_.graph.tensor(id)));
  }

  Random& random_;
  const std::size_t tensors_;
  const std::uint32_t max_bytes_;
  const bool chain_;  // one tensor after the other, mostly with overlaps: what needs more than its bound
  const std::uint32_t reach_;
  RandomNetwork network_;
};

inline RandomNetwork random_network(Random& random, std::size_t tensors, std::uint32_t max_bytes) {
  return NetworkMaker(random, tensors, max_bytes).make();
}

}  // namespace edgesmith::layout
