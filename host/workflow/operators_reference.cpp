#include "host/workflow/operators_reference.h"

#include <fmt/format.h>

#include "host/base/text.h"
#include "host/codegen/cpp_operators.h"
#include "host/convert/onnx/onnx.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/op_support.h"
#include "host/plan/kernel_sets.h"

namespace edgesmith {
namespace {

constexpr const char* kHead =
    "# Operators\n"
    "\n"
    "What networks from elsewhere may hold, found by asking the importer, the verifier and the kernels. Types are "
    "those "
    "of the first input and the output. `edgesmith run --via interpreter` takes all of them; what a chip computes has "
    "kernels. Whatever is not here, or is not within these limits, is refused with the node, the reason and what would "
    "work.\n"
    "\n"
    "Between float32 layers, weights may be stored as float16 (through DEQUANTIZE) or int8 (hybrid): they become "
    "float32 at import. Dimensions left open need a size, but for the batch, which becomes 1.\n"
    "\n"
    "| operator | in .tflite | types | types with kernels | ranks | limits |\n"
    "| --- | --- | --- | --- | --- | --- |\n";

std::string names_in_tflite(ir::OpKind kind) {
  std::string names;
  for (const convert::TfliteOperator& known : convert::tflite_operators()) {
    if (known.kind == kind) names += (names.empty() ? "" : ", ") + known.name;
  }
  return names;
}

/// What the set computes itself.
std::string own_operators(const kernels::KernelSet& set) {
  std::vector<std::string> names;
  for (const std::uint32_t code : cpp::operator_codes()) {
    if (set.name == std::string(set.provider(code))) names.emplace_back(cpp::text_of(code).title);
  }
  return join(names);
}

}  // namespace

std::string operators_reference() {
  std::string page = kHead;
  for (const ir::OperatorSupport& op : ir::supported_operators()) {
    page += fmt::format("| {} | {} | {} | {} | {} | {} |\n", ir::op_name(op.kind), names_in_tflite(op.kind),
                        op.desk_types, op.chip_types, op.ranks, op.limits);
  }
  page += "\n## Kernel sets\n\n| set | operators of its own; the rest runs on the reference |\n| --- | --- |\n";
  for (const kernels::KernelSet* set : kernel_sets())
    page += fmt::format("| {} | {} |\n", set->name, own_operators(*set));
  page += "\n## ONNX\n\n| operator | limits |\n| --- | --- |\n";
  for (const convert::OnnxOperator& op : convert::onnx_operators())
    page += fmt::format("| {} | {} |\n", op.name, op.limits);
  return page;
}

}  // namespace edgesmith
