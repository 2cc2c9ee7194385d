#pragma once
// What a network's layout depends on: buffers, and the steps that read and write them. Weights and shapes are gone.

#include <vector>

#include "host/layout/blocks.h"
#include "host/layout/layout.h"

namespace edgesmith::layout {

/// One or more tensors on the same bytes: an activation and the reshapes of it.
struct Buffer {
  ir::TensorId tensor = ir::kNoTensor;  // the first of them
  Bytes bytes = 0;                      // rounded up to the alignment
  int writer = kNoOp;                   // step; kNoOp: filled before the first
  std::vector<int> readers;             // steps, each once
  bool to_end = false;                  // a network output
};

/// That a step's output may share bytes with one of its inputs if that dies there, as gaps of Blocks.
struct Share {
  int input;  // buffer
  Bytes output_to_input, input_to_output;
};

/// An operator; a reshape is a step that writes nothing.
struct Step {
  std::vector<int> reads, writes;  // buffers, each once
  std::vector<int> needs;          // steps that must have run before
  std::vector<Share> shares;       // with writes[0]
  Bytes scratch = 0;
};

struct Model {
  std::vector<Buffer> buffers;
  std::vector<Step> steps;     // as the operators stand in the graph
  std::vector<int> buffer_of;  // by tensor; -1 for constants and tensors that nobody uses
};

Model make_model(const ir::Graph& graph, const Options& options);

using Order = std::vector<std::size_t>;  // of steps
using Done = std::vector<bool>;          // by step: has run

/// Does `buffer` hold nothing that anybody needs once `step` has run after the steps `done`?
bool dies(const Buffer& buffer, std::size_t step, const Done& done);

/// Bytes that the buffers of one step save by sharing, if those inputs die there of which `dying[i]` is true (by index
/// in step.shares): their sizes added up, less the memory that they span at best.
Bytes saving(const Model& model, const Step& step, const std::vector<bool>& dying);

/// The blocks of an order: the model's buffers, then the scratch of each step that has any, in the order of the steps.
Blocks blocks_of(const Model& model, const Order& order);

}  // namespace edgesmith::layout
