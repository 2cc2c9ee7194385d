#include "host/layout/model.h"

#include <algorithm>
#include <optional>

namespace edgesmith::layout {
namespace {

Bytes round_up(Bytes bytes, std::size_t alignment) {  // towards plus infinity
  const auto unit = static_cast<Bytes>(alignment);
  const Bytes rest = ((bytes % unit) + unit) % unit;
  return rest == 0 ? bytes : bytes + unit - rest;
}

bool activation(const ir::Graph& graph, ir::TensorId id) {
  return id != ir::kNoTensor && !graph.tensor(id).constant();
}

bool alias(const ir::Graph& graph, const ir::Op& op) {
  return op.kind == ir::OpKind::reshape && activation(graph, op.inputs[0]);
}

void add_once(std::vector<int>& list, int item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

class Maker {
 public:
  Maker(const ir::Graph& graph, const Options& options) : graph_(graph), options_(options) {
    model_.buffer_of.assign(graph.tensors.size(), -1);
    model_.steps.resize(graph.ops.size());
    writer_of_.assign(graph.tensors.size(), kNoOp);
  }

  Model make() {
    for (const ir::TensorId id : graph_.inputs)
      if (activation(graph_, id)) buffer(id);
    for (std::size_t i = 0; i < graph_.ops.size(); ++i)
      add_step(static_cast<int>(i));
    for (const ir::TensorId id : graph_.outputs)
      if (activation(graph_, id)) model_.buffers[static_cast<std::size_t>(buffer(id))].to_end = true;
    for (std::size_t i = 0; i < graph_.ops.size(); ++i)
      add_shares(i);
    return std::move(model_);
  }

 private:
  int& buffer_of(ir::TensorId id) {
    return model_.buffer_of[static_cast<std::size_t>(id)];
  }

  Bytes tensor_bytes(ir::TensorId id) const {
    return static_cast<Bytes>(ir::tensor_bytes(graph_.tensor(id)));
  }

  // The tensor's buffer, a new one if it has none.
  int buffer(ir::TensorId id) {
    int& index = buffer_of(id);
    if (index < 0) {
      index = static_cast<int>(model_.buffers.size());
      Buffer buffer;
      buffer.tensor = id;
      buffer.bytes = round_up(tensor_bytes(id), options_.alignment);
      model_.buffers.push_back(buffer);
    }
    return index;
  }

  void add_step(int i) {
    const ir::Op& op = graph_.ops[static_cast<std::size_t>(i)];
    Step& step = model_.steps[static_cast<std::size_t>(i)];
    if (options_.scratch) step.scratch = round_up(static_cast<Bytes>(options_.scratch(op)), options_.alignment);
    for (const ir::TensorId id : op.inputs) {
      if (!activation(graph_, id)) continue;
      add_once(step.reads, buffer(id));
      add_once(model_.buffers[static_cast<std::size_t>(buffer(id))].readers, i);
      const int writer = writer_of_[static_cast<std::size_t>(id)];
      if (writer != kNoOp) add_once(step.needs, writer);
    }
    for (const ir::TensorId id : op.outputs) {
      if (id == ir::kNoTensor) continue;
      writer_of_[static_cast<std::size_t>(id)] = i;
      if (alias(graph_, op)) {
        buffer_of(id) = buffer(op.inputs[0]);
        continue;
      }
      model_.buffers[static_cast<std::size_t>(buffer(id))].writer = i;
      add_once(step.writes, buffer(id));
    }
  }

  void add_shares(std::size_t i) {
    Step& step = model_.steps[i];
    if (!options_.overlap || step.writes.empty()) return;
    for (const int input : step.reads) {
      const std::optional<Share> share = share_of(graph_.ops[i], input);
      if (share) step.shares.push_back(*share);
    }
    if (step.shares.size() < 2) return;
    for (Share& share : step.shares) {  // one walk serves them all
      share.output_to_input = std::max(share.output_to_input, Bytes{0});
      share.input_to_output = model_.buffers[static_cast<std::size_t>(share.input)].bytes;
    }
  }

  // The distances of all inputs of `op` that lie in the buffer.
  std::optional<Share> share_of(const ir::Op& op, int input) {
    const Buffer& from = model_.buffers[static_cast<std::size_t>(input)];
    const Bytes output_bytes = tensor_bytes(op.outputs[0]);
    Share share{input, std::numeric_limits<Bytes>::min(), std::numeric_limits<Bytes>::min()};
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      if (!activation(graph_, op.inputs[k]) || buffer_of(op.inputs[k]) != input) continue;
      const Overlap overlap = options_.overlap(op, k);
      const Bytes backwards = tensor_bytes(op.inputs[k]) - output_bytes + overlap.backwards.value_or(output_bytes);
      share.output_to_input = std::max(share.output_to_input, overlap.forwards.value_or(output_bytes));
      share.input_to_output = std::max(share.input_to_output, backwards);
    }
    const Bytes apart = round_up(output_bytes, options_.alignment);
    share.output_to_input = std::min(round_up(share.output_to_input, options_.alignment), apart);
    share.input_to_output = std::min(round_up(share.input_to_output, options_.alignment), from.bytes);
    if (share.output_to_input == apart && share.input_to_output == from.bytes) return std::nullopt;
    return share;
  }

  const ir::Graph& graph_;
  const Options& options_;
  Model model_;
  std::vector<int> writer_of_;  // by tensor
};

// What two buffers span at best: the starts at the ends of what is allowed, and those where one lies within the other.
Bytes span_of_two(Bytes output, Bytes input, const Share& share) {
  Bytes least = output + input;
  for (const Bytes shift : {Bytes{0}, output - input, share.output_to_input, -share.input_to_output}) {
    // the input begins `shift` after the output
    if (shift < share.output_to_input && -shift < share.input_to_output) continue;
    least = std::min(least, std::max(output, shift + input) - std::min(Bytes{0}, shift));
  }
  return least;
}

}  // namespace

Model make_model(const ir::Graph& graph, const Options& options) {
  return Maker(graph, options).make();
}

bool dies(const Buffer& buffer, std::size_t step, const Done& done) {
  if (buffer.to_end) return false;
  for (const int reader : buffer.readers)
    if (static_cast<std::size_t>(reader) != step && !done[static_cast<std::size_t>(reader)]) return false;
  return true;
}

Bytes saving(const Model& model, const Step& step, const std::vector<bool>& dying) {
  std::vector<Share> shares;
  for (std::size_t i = 0; i < dying.size(); ++i)
    if (dying[i]) shares.push_back(step.shares[i]);
  if (shares.empty()) return 0;
  const auto bytes_of = [&model](int buffer) { return model.buffers[static_cast<std::size_t>(buffer)].bytes; };
  const Bytes output = bytes_of(step.writes[0]);
  if (shares.size() == 1) {
    const Bytes input = bytes_of(shares[0].input);
    return output + input - span_of_two(output, input, shares[0]);
  }
  // All forwards (several inputs have no other way): jobs that take turns and may not start before their distance.
  // Doing them by distance ends earliest, and an input below the output gains nothing over one on top of all.
  std::sort(shares.begin(), shares.end(),
            [](const Share& a, const Share& b) { return a.output_to_input < b.output_to_input; });
  Bytes sum = output, top = 0;
  for (const Share& share : shares) {
    const Bytes input = bytes_of(share.input);
    top = std::max(top, share.output_to_input) + input;
    sum += input;
  }
  return sum - std::max(output, top);
}

Blocks blocks_of(const Model& model, const Order& order) {
  struct Life {
    int first, last;  // 0: before the first step, k + 1: the k-th, steps + 1: after the last
  };
  std::vector<int> moment(model.steps.size());
  for (std::size_t k = 0; k < order.size(); ++k)
    moment[order[k]] = static_cast<int>(k) + 1;
  std::vector<Bytes> bytes;
  std::vector<Life> lives;
  for (const Buffer& buffer : model.buffers) {
    Life life{0, 0};
    if (buffer.writer != kNoOp) life.first = life.last = moment[static_cast<std::size_t>(buffer.writer)];
    for (const int reader : buffer.readers)
      life.last = std::max(life.last, moment[static_cast<std::size_t>(reader)]);
    if (buffer.to_end) life.last = static_cast<int>(model.steps.size()) + 1;
    bytes.push_back(buffer.bytes);
    lives.push_back(life);
  }
  for (std::size_t i = 0; i < model.steps.size(); ++i) {
    if (model.steps[i].scratch == 0) continue;
    bytes.push_back(model.steps[i].scratch);
    lives.push_back({moment[i], moment[i]});
  }
  Blocks blocks(bytes);
  for (std::size_t a = 0; a < lives.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (lives[a].first <= lives[b].last && lives[b].first <= lives[a].last) blocks.keep_apart(a, b);
  for (std::size_t i = 0; i < model.steps.size(); ++i) {
    for (const Share& share : model.steps[i].shares) {
      const auto input = static_cast<std::size_t>(share.input);
      if (lives[input].last != moment[i]) continue;
      blocks.set_gaps(static_cast<std::size_t>(model.steps[i].writes[0]), input, share.output_to_input,
                      share.input_to_output);
    }
  }
  return blocks;
}

}  // namespace edgesmith::layout
