#pragma once
// One operator of a network, whatever it does: its code, its parameters as words, and the bytes that it works on. The
// interpreter, the executor of plan files and the checks speak of operators in this form; the kernels themselves take
// the structs of params.h.

#include <stdint.h>
#include <string.h>

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/kernels/params.h"

namespace edgesmith {
namespace kernels {

enum class OpCode : uint32_t {
  fully_connected = 1,
  conv2d = 2,
  depthwise_conv2d = 3,
  max_pool2d = 4,
  average_pool2d = 5,
  mean = 6,
  softmax = 7,
  reshape = 8,
  add = 9,
  mul = 10,
  pad = 11,
  transpose = 12,
  concatenation = 13,
  lookup = 14,
  quantize = 15,
  dequantize = 16,
  conv2d_add = 17,
};

constexpr uint32_t kMaxParamWords = 32;

struct Operator {
  uint32_t code;                   // OpCode
  int32_t params[kMaxParamWords];  // the kernels::*Params struct of the operator, then zeros
};

/// The parameters as the struct that the kernel takes. Copied, since the operator holds them as words.
template <typename Params>
Params params_of(const Operator& op) {
  static_assert(sizeof(Params) <= sizeof(op.params), "kMaxParamWords is too small");
  Params params;
  memcpy(&params, op.params, sizeof params);
  return params;
}

/// What an operator reads and writes. Tensors are int8, or the bytes of another type where the operator says so.
struct Operands {
  Span<const int8_t> inputs[kMaxInputs];  // activations and constants, in the operator's order; the rest is empty
  Weights weights;                        // of a layer, or the table of a lookup; else empty
  Span<int8_t> output;
  Span<int8_t> scratch;  // at least the kernel set's scratch_bytes()
};

/// plan_malformed unless the operator is known and its check (check.h) accepts parameters and sizes.
Status check_operator(const Operator& op, const Operands& operands);

constexpr uint32_t kNoOverlap = 0xffffffffu;

/// The operators of one kernel set.
struct KernelSet {
  uint32_t id;  // in plan files
  uint32_t layout_version;
  const char* name;
  /// Runs an operator that check_operator() found good.
  void (*run)(const Operator& op, const Operands& operands);
  /// Bytes of scratch that run() needs for it.
  uint32_t (*scratch_bytes)(const Operator& op);
  /// The output may lie over input `index` when it begins at least this many bytes before it: the kernel has then read
  /// what it overwrites. kNoOverlap: they must not share a byte.
  uint32_t (*overlap_bytes)(const Operator& op, uint32_t index);
  /// The same from the other end: the output may lie over the input when it ends at least this many bytes behind it.
  /// A kernel that can do both looks at its operands: it walks backwards when the output's end lies behind the input's.
  uint32_t (*overlap_backwards_bytes)(const Operator& op, uint32_t index);
  /// Name of the set whose kernel runs operators of this code: its own, or the one that it falls back to.
  const char* (*provider)(uint32_t code);
};

}  // namespace kernels
}  // namespace edgesmith
