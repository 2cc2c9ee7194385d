#include "host/codegen/cpp_operators.h"

#include <fmt/format.h>

#include <cstring>

#include "host/base/error.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

using kernels::OpCode;
using Fields = std::vector<Field>;

constexpr const char* kExactFloat = "device/base/exact_float.h";

Fields joined(std::initializer_list<Fields> parts) {
  Fields all;
  for (const Fields& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

Fields inner(const char* name, const Fields& fields) {
  return joined({{{name, 0, Field::Form::open}}, fields, {{"", 0, Field::Form::close}}});
}

Fields conv2d_fields() {
  return {"input_h",           "input_w",    "input_c",  "filter_h", "filter_w",
          "output_h",          "output_w",   "output_c", "stride_h", "stride_w",
          "dilation_h",        "dilation_w", "pad_top",  "pad_left", "input_zero_point",
          "output_zero_point", "act_min",    "act_max",  "rounding", "zero_point_in_bias"};
}

Fields fully_connected_fields() {
  return {"rows",    "input_elems", "output_elems", "input_zero_point",  "output_zero_point",
          "act_min", "act_max",     "rounding",     "zero_point_in_bias"};
}

Fields pool2d_fields() {
  return {"input_h",  "input_w",  "channels", "filter_h", "filter_w", "output_h", "output_w",
          "stride_h", "stride_w", "pad_top",  "pad_left", "act_min",  "act_max"};
}

Fields mean_fields() {
  return {"outer", "count", "inner", "input_zero_point", "output_zero_point", "multiplier", "shift", "rounding"};
}

Fields add_fields() {
  const Fields operand = {{"step", 4}, "zero_point", "multiplier", "shift"};
  return joined({{{"dims", 4}},
                 inner("a", operand),
                 inner("b", operand),
                 {"subtract", "left_shift", "output_zero_point", "output_multiplier", "output_shift", "act_min",
                  "act_max", "rounding"}});
}

Fields mul_fields() {
  return {{"dims", 4},  {"step_a", 4}, {"step_b", 4}, "zero_point_a", "zero_point_b", "output_zero_point",
          "multiplier", "shift",       "act_min",     "act_max",      "rounding"};
}

Fields quantize_fields() {
  return {"elems", {"scale", 1, Field::Form::real}, "zero_point", "is_unsigned"};
}

Fields conv2d_add_fields() {
  return joined({inner("conv", conv2d_fields()),
                 {"a_multiplier", "a_shift", "b_zero_point", "b_multiplier", "b_shift", "left_shift",
                  "output_zero_point", "output_multiplier", "output_shift", "act_min", "act_max"}});
}

const std::vector<OpText>& texts() {
  static const std::vector<OpText> all = {
      {OpCode::fully_connected, "FullyConnectedParams", "fully_connected_s8", "FULLY_CONNECTED",
       fully_connected_fields()},
      {OpCode::conv2d, "Conv2dParams", "conv2d_s8", "CONV_2D", conv2d_fields()},
      {OpCode::depthwise_conv2d, "Conv2dParams", "depthwise_conv2d_s8", "DEPTHWISE_CONV_2D", conv2d_fields()},
      {OpCode::max_pool2d, "Pool2dParams", "max_pool2d_s8", "MAX_POOL_2D", pool2d_fields()},
      {OpCode::average_pool2d, "Pool2dParams", "average_pool2d_s8", "AVERAGE_POOL_2D", pool2d_fields()},
      {OpCode::mean, "MeanParams", "mean_s8", "MEAN", mean_fields()},
      {OpCode::softmax, "SoftmaxParams", "softmax_s8", "SOFTMAX", {"rows", "depth", "multiplier", "shift", "diff_min"}},
      {OpCode::reshape, "ReshapeParams", "reshape_s8", "RESHAPE", {"bytes"}},
      {OpCode::add, "AddParams", "add_s8", "ADD", add_fields()},
      {OpCode::mul, "MulParams", "mul_s8", "MUL", mul_fields()},
      {OpCode::pad, "PadParams", "pad_s8", "PAD", {{"input", 4}, {"before", 4}, {"output", 4}, "value"}},
      {OpCode::transpose, "TransposeParams", "transpose_s8", "TRANSPOSE", {{"dims", 4}, {"step", 4}}},
      {OpCode::concatenation,
       "ConcatenationParams",
       "concatenation_s8",
       "CONCATENATION",
       {"outer", "inputs", {"inner_bytes", kernels::kMaxInputs}}},
      {OpCode::lookup, "LookupParams", "lookup_s8", "table lookup", {"elems"}},
      {OpCode::quantize, "QuantizeParams", "quantize_s8", "QUANTIZE", quantize_fields(), kExactFloat},
      {OpCode::dequantize, "QuantizeParams", "dequantize_s8", "DEQUANTIZE", quantize_fields(), kExactFloat},
      {OpCode::conv2d_add, "Conv2dAddParams", "conv2d_add_s8", "CONV_2D with ADD", conv2d_add_fields()},
  };
  return all;
}

std::string value_text(const Field& field, std::int32_t word) {
  if (field.form == Field::Form::integer) return std::to_string(word);
  float real = 0;
  std::memcpy(&real, &word, sizeof real);
  return number(real);
}

/// "5" or "{1, 2, 3, 4}"
std::string values_text(const Field& field, const std::int32_t* words) {
  std::string out;
  for (int i = 0; i < field.count; ++i)
    out += (i == 0 ? "" : ", ") + value_text(field, words[i]);
  return field.count == 1 ? out : "{" + out + "}";
}

}  // namespace

std::vector<std::uint32_t> operator_codes() {
  std::vector<std::uint32_t> codes;
  for (const OpText& text : texts())
    codes.push_back(static_cast<std::uint32_t>(text.code));
  return codes;
}

const OpText& text_of(std::uint32_t code) {
  for (const OpText& text : texts()) {
    if (static_cast<std::uint32_t>(text.code) == code) return text;
  }
  throw Error(ErrorKind::defect, {.code = "codegen.operator",
                                  .what = "no text is known for this operator",
                                  .found = fmt::format("code {}", code)});
}

std::string params_lines(const OpText& text, const std::int32_t* words) {
  std::string out, indent = "    ";
  for (const Field& field : text.fields) {
    switch (field.form) {
      case Field::Form::open:
        out += fmt::format("{}{{  // {}\n", indent, field.name);
        indent += "    ";
        break;
      case Field::Form::close:
        indent.resize(indent.size() - 4);
        out += indent + "},\n";
        break;
      case Field::Form::integer:
      case Field::Form::real:
        out += fmt::format("{}{},  // {}\n", indent, values_text(field, words), field.name);
        words += field.count;
        break;
    }
  }
  return out;
}

}  // namespace edgesmith::cpp
