// Input is untrusted: sizes and offsets are checked here, meanings by the kernels' own checks.

#include "device/runtime/network_file.h"

#include <string.h>

#include "device/runtime/noise.h"

namespace edgesmith {
namespace {

using plan::Reader;

static_assert(plan::kMaxInputs == kernels::kMaxInputs && plan::kMaxParams == kernels::kMaxParamWords,
              "the plan file holds operators as the kernels take them");

uint32_t dtype_bytes(uint32_t dtype) {
  switch (static_cast<plan::DType>(dtype)) {
    case plan::DType::s8:
    case plan::DType::u8:
      return 1;
    case plan::DType::f32:
      return 4;
  }
  return 0;
}

/// 0 when no tensor can be so.
uint32_t tensor_bytes(const plan::TensorRecord& record) {
  uint64_t bytes = dtype_bytes(record.dtype);
  for (uint32_t dim : record.dims) {
    if (dim == 0 || dim > 65536) return 0;
    bytes *= dim;
    if (bytes > kLargestArena) return 0;
  }
  return static_cast<uint32_t>(bytes);
}

/// `bytes` at `offset` lie inside a region of `size`.
bool inside(uint32_t offset, uint32_t bytes, size_t size) {
  return offset <= size && bytes <= size - offset;
}

bool good_layer(const plan::TargetOp& place, size_t constants) {
  const uint32_t channels = place.output_channels;
  if (channels > constants / 4 || (place.bias_offset | place.multiplier_offset) % 4 != 0) return false;
  return inside(place.weights_offset, place.weights_bytes, constants) &&
         inside(place.bias_offset, channels * 4, constants) &&
         inside(place.multiplier_offset, channels * 4, constants) && inside(place.shift_offset, channels, constants);
}

bool good_places(const Program& program, size_t index, uint32_t arena_bytes) {
  const plan::ContractOp& op = program.ops[index];
  const plan::TargetOp& place = program.places[index];
  if (op.input_count > plan::kMaxInputs) return false;
  for (uint32_t i = 0; i < op.input_count; ++i) {
    const uint32_t offset = place.input_offsets[i];
    const bool constant = (offset & plan::kInConstants) != 0;
    const size_t region = constant ? program.constants.size() : arena_bytes;
    if (!inside(offset & ~plan::kInConstants, op.input_bytes[i], region)) return false;
  }
  const uint32_t offsets = place.output_offset | place.scratch_offset;
  return offsets % 4 == 0 && inside(place.output_offset, op.output_bytes, arena_bytes) &&
         inside(place.scratch_offset, place.scratch_bytes, arena_bytes) && good_layer(place, program.constants.size());
}

kernels::Operator operator_of(const plan::ContractOp& op) {
  kernels::Operator out;
  out.code = op.code;
  memcpy(out.params, op.params, sizeof out.params);
  return out;
}

kernels::Weights layer_of(const Program& program, const plan::TargetOp& place) {
  const uint8_t* base = program.constants.data;
  const size_t channels = place.output_channels;
  return kernels::Weights{
      {reinterpret_cast<const int8_t*>(base + place.weights_offset), place.weights_bytes},
      {reinterpret_cast<const int32_t*>(base + place.bias_offset), channels},
      {reinterpret_cast<const int32_t*>(base + place.multiplier_offset), channels},
      {reinterpret_cast<const int8_t*>(base + place.shift_offset), channels},
  };
}

/// `arena` may be null where only sizes matter.
kernels::Operands operands_of(const Program& program, uint32_t index, int8_t* arena) {
  const plan::ContractOp& op = program.ops[index];
  const plan::TargetOp& place = program.places[index];
  const int8_t* constants = reinterpret_cast<const int8_t*>(program.constants.data);
  kernels::Operands operands = kernels::Operands();
  for (uint32_t i = 0; i < op.input_count; ++i) {
    const uint32_t offset = place.input_offsets[i];
    const bool constant = (offset & plan::kInConstants) != 0;
    const int8_t* data = constant ? constants + (offset & ~plan::kInConstants) : arena + offset;
    operands.inputs[i] = Span<const int8_t>{data, op.input_bytes[i]};
  }
  operands.weights = layer_of(program, place);
  operands.output = Span<int8_t>{arena + place.output_offset, op.output_bytes};
  operands.scratch = Span<int8_t>{arena + place.scratch_offset, place.scratch_bytes};
  return operands;
}

bool overlap(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

/// No tensor of the operator lies over another, unless the kernel can do it.
bool good_overlaps(const Program& program, uint32_t index, const kernels::Operator& op) {
  const plan::ContractOp& sizes = program.ops[index];
  const plan::TargetOp& place = program.places[index];
  if (overlap(place.scratch_offset, place.scratch_bytes, place.output_offset, sizes.output_bytes)) return false;
  for (uint32_t i = 0; i < sizes.input_count; ++i) {
    const uint32_t input = place.input_offsets[i];
    if ((input & plan::kInConstants) != 0) continue;
    if (overlap(place.scratch_offset, place.scratch_bytes, input, sizes.input_bytes[i])) return false;
    if (!overlap(place.output_offset, sizes.output_bytes, input, sizes.input_bytes[i])) continue;
    const uint32_t ahead = program.kernels->overlap_bytes(op, i);
    const uint32_t behind = program.kernels->overlap_backwards_bytes(op, i);
    const int64_t starts = static_cast<int64_t>(input) - place.output_offset;
    const int64_t ends = static_cast<int64_t>(sizes.output_bytes) - sizes.input_bytes[i] - starts;
    const bool forwards_good = ahead != kernels::kNoOverlap && starts >= ahead;
    const bool backwards_good = behind != kernels::kNoOverlap && ends >= behind;
    if (!forwards_good && !backwards_good) return false;
  }
  return true;
}

Status check_program(const Program& program, uint32_t arena_bytes) {
  if (program.ops.empty() || program.ops.size() != program.places.size()) return Status::plan_malformed;
  for (uint32_t i = 0; i < program.ops.size(); ++i) {
    if (!good_places(program, i, arena_bytes)) return Status::plan_malformed;
    const kernels::Operator op = operator_of(program.ops[i]);
    const kernels::Operands operands = operands_of(program, i, nullptr);
    const Status status = kernels::check_operator(op, operands);
    if (status != Status::ok) return status;
    if (operands.scratch.size() < program.kernels->scratch_bytes(op)) return Status::plan_malformed;
    if (!good_overlaps(program, i, op)) return Status::plan_malformed;
  }
  return Status::ok;
}

bool is_input(const plan::TensorRecord& tensor) {
  const plan::Meaning meaning = static_cast<plan::Meaning>(tensor.meaning);
  return meaning == plan::Meaning::features || meaning == plan::Meaning::input;
}

bool is_output(const plan::TensorRecord& tensor) {
  const plan::Meaning meaning = static_cast<plan::Meaning>(tensor.meaning);
  return meaning == plan::Meaning::probabilities || meaning == plan::Meaning::output;
}

Status read_ends(const Reader& reader, LoadedNetwork& loaded) {
  Span<const plan::TensorRecord> tensors = {nullptr, 0};
  Span<const uint32_t> offsets = {nullptr, 0};
  if (!reader.array(plan::kTensors, tensors) || !reader.array(plan::kEnds, offsets)) return Status::plan_malformed;
  if (tensors.size() != offsets.size()) return Status::plan_malformed;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const plan::TensorRecord& tensor = tensors[i];
    const LoadedEnd end = {&tensor, offsets[i], tensor_bytes(tensor)};
    const bool good = end.bytes > 0 && end.offset % 4 == 0 && inside(end.offset, end.bytes, loaded.arena_bytes);
    if (!good || (!is_input(tensor) && !is_output(tensor))) return Status::plan_malformed;
    LoadedEnd* ends = is_input(tensor) ? loaded.inputs : loaded.outputs;
    uint32_t& count = is_input(tensor) ? loaded.input_count : loaded.output_count;
    if (count == kMaxEnds) return Status::plan_malformed;
    ends[count++] = end;
  }
  return loaded.input_count > 0 && loaded.output_count > 0 ? Status::ok : Status::plan_malformed;
}

/// A pipeline's answer is checked along with its road, see pipeline.cpp.
bool read_self_test(const Reader& reader, LoadedNetwork& loaded) {
  const bool bare = reader.section(plan::kRoad).empty();
  const plan::SelfTestRecord* record = reader.record<plan::SelfTestRecord>(plan::kSelfTest);
  if (!bare || record == nullptr) return !bare;
  loaded.self_test_seed = record->seed;
  loaded.self_test_output = reader.section(plan::kSelfTestOutput);
  size_t output_bytes = 0;
  for (uint32_t i = 0; i < loaded.output_count; ++i)
    output_bytes += loaded.outputs[i].bytes;
  return loaded.self_test_output.size() == output_bytes;
}

uint32_t fill_end(uint32_t noise, const LoadedEnd& end, int8_t* arena) {
  uint8_t* bytes = reinterpret_cast<uint8_t*>(arena) + end.offset;
  if (static_cast<plan::DType>(end.tensor->dtype) != plan::DType::f32) {
    return fill_noise(noise, Span<uint8_t>{bytes, end.bytes});
  }
  return fill_noise(noise, Span<float>{reinterpret_cast<float*>(bytes), end.bytes / sizeof(float)});
}

}  // namespace

Status run_self_test(const LoadedNetwork& network, int8_t* arena) {
  uint32_t noise = network.self_test_seed;
  for (uint32_t i = 0; i < network.input_count; ++i)
    noise = fill_end(noise, network.inputs[i], arena);
  run_program(network.program, arena);
  const uint8_t* expected = network.self_test_output.data;
  for (uint32_t i = 0; i < network.output_count; ++i) {
    const LoadedEnd& end = network.outputs[i];
    if (memcmp(arena + end.offset, expected, end.bytes) != 0) return Status::self_test_network;
    expected += end.bytes;
  }
  return Status::ok;
}

Status read_network(const Reader& reader, const kernels::KernelSet& set, LoadedNetwork& loaded) {
  const plan::TargetRecord* target = reader.record<plan::TargetRecord>(plan::kTarget);
  loaded = LoadedNetwork();
  Program& program = loaded.program;
  program.kernels = &set;
  program.constants = reader.section(plan::kWeights);
  if (target == nullptr || !reader.array(plan::kOps, program.ops) || !reader.array(plan::kPlaces, program.places)) {
    return Status::plan_malformed;
  }
  if (target->kernel_set != set.id || target->layout_version != set.layout_version) return Status::plan_foreign_target;
  if (target->arena_bytes > kLargestArena) return Status::plan_malformed;
  loaded.arena_bytes = target->arena_bytes;
  const Status status = read_ends(reader, loaded);
  return status == Status::ok ? check_program(program, target->arena_bytes) : status;
}

Status open_network(Span<const uint8_t> bytes, const kernels::KernelSet& set, LoadedNetwork& loaded) {
  Reader reader = Reader();
  Status status = reader.open(bytes);
  const plan::InfoRecord* info = status == Status::ok ? reader.record<plan::InfoRecord>(plan::kInfo) : nullptr;
  if (status != Status::ok) return status;
  if (info == nullptr || memchr(info->name, '\0', sizeof info->name) == nullptr) return Status::plan_malformed;
  const bool too_new = info->min_runtime > plan::kInterfaceVersion || info->operator_set > plan::kOperatorSet;
  if (too_new) return Status::plan_version;
  status = read_network(reader, set, loaded);
  if (status == Status::ok && !read_self_test(reader, loaded)) status = Status::plan_malformed;
  loaded.name = info->name;
  loaded.plan_id = reader.header().plan_id;
  return status;
}

void run_operator(const Program& program, uint32_t index, int8_t* arena) {
  program.kernels->run(operator_of(program.ops[index]), operands_of(program, index, arena));
}

void run_program(const Program& program, int8_t* arena) {
  for (uint32_t i = 0; i < program.ops.size(); ++i)
    run_operator(program, i, arena);
}

}  // namespace edgesmith
