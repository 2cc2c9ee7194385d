#include "host/layout/layout.h"

#include <algorithm>

namespace edgesmith::layout {
namespace {

constexpr int kUnused = -1;

// The tensor on whose bytes each tensor lies: itself, or what a chain of reshapes started from.
std::vector<ir::TensorId> owners(const ir::Graph& graph) {
  std::vector<ir::TensorId> owner(graph.tensors.size());
  for (std::size_t i = 0; i < owner.size(); ++i)
    owner[i] = static_cast<ir::TensorId>(i);
  for (const ir::Op& op : graph.ops) {
    if (op.kind != ir::OpKind::reshape || graph.tensor(op.inputs[0]).constant()) continue;
    owner[static_cast<std::size_t>(op.outputs[0])] = owner[static_cast<std::size_t>(op.inputs[0])];
  }
  return owner;
}

class Lifetimes {
 public:
  Lifetimes(const ir::Graph& graph, std::size_t alignment) : owner_(owners(graph)), blocks_(graph.tensors.size()) {
    for (Block& block : blocks_)
      block = {0, kUnused, kUnused};
    const int last_op = static_cast<int>(graph.ops.size()) - 1;
    for (const ir::TensorId id : graph.inputs)
      use(graph, id, 0, alignment);
    for (int i = 0; i <= last_op; ++i) {
      for (const ir::TensorId id : graph.ops[static_cast<std::size_t>(i)].inputs)
        use(graph, id, i, alignment);
      for (const ir::TensorId id : graph.ops[static_cast<std::size_t>(i)].outputs)
        use(graph, id, i, alignment);
    }
    for (const ir::TensorId id : graph.outputs)
      use(graph, id, std::max(last_op, 0), alignment);
  }

  std::size_t owner(std::size_t tensor) const {
    return static_cast<std::size_t>(owner_[tensor]);
  }
  const std::vector<Block>& blocks() const {
    return blocks_;
  }

 private:
  void use(const ir::Graph& graph, ir::TensorId id, int at_op, std::size_t alignment) {
    if (id == ir::kNoTensor || graph.tensor(id).constant()) return;
    Block& block = blocks_[owner(static_cast<std::size_t>(id))];
    if (block.first == kUnused) block.first = at_op;
    block.last = at_op;
    block.bytes = (ir::tensor_bytes(graph.tensor(id)) + alignment - 1) / alignment * alignment;
  }

  std::vector<ir::TensorId> owner_;
  std::vector<Block> blocks_;  // by tensor; kUnused where another owns the bytes or nobody needs them
};

}  // namespace

std::size_t peak_bytes(const std::vector<Block>& blocks) {
  std::size_t peak = 0;
  for (const Block& moment : blocks) {  // the peak begins where some block begins
    std::size_t alive = 0;
    for (const Block& block : blocks) {
      if (block.first <= moment.first && moment.first <= block.last) alive += block.bytes;
    }
    peak = std::max(peak, alive);
  }
  return peak;
}

Layout plan_arena(const ir::Graph& graph, std::size_t alignment) {
  const Lifetimes lifetimes(graph, alignment);
  std::vector<Block> blocks;
  std::vector<std::size_t> index(graph.tensors.size(), kNoOffset);  // of the tensor's block
  for (std::size_t tensor = 0; tensor < graph.tensors.size(); ++tensor) {
    if (lifetimes.blocks()[tensor].first == kUnused) continue;
    index[tensor] = blocks.size();
    blocks.push_back(lifetimes.blocks()[tensor]);
  }
  const Placement placement = place(blocks);
  Layout layout{placement.arena_bytes, peak_bytes(blocks), {}};
  for (std::size_t tensor = 0; tensor < graph.tensors.size(); ++tensor) {
    const std::size_t block = index[lifetimes.owner(tensor)];
    layout.offsets.push_back(block == kNoOffset ? kNoOffset : placement.offsets[block]);
  }
  return layout;
}

}  // namespace edgesmith::layout
