// Conv in one and two dimensions.
#include "host/convert/onnx/weights.h"
#include "host/convert/onnx/window.h"

namespace edgesmith::convert::onnx {
namespace {

// A convolution of few groups becomes an ordinary one whose foreign weights are zero: memory and work grow by the
// number of groups, so more are refused.
constexpr std::int64_t kMaxDenseGroups = 4;

Constant with_height(Constant weights) {
  if (weights.shape.size() == 3) weights.shape.insert(weights.shape.begin() + 2, 1);
  return weights;
}

// [out][in][h][w] -> [out][h][w][in]
Constant as_ohwi(const Constant& weights, const std::vector<std::int64_t>&) {
  return transposed(with_height(weights), {0, 2, 3, 1});
}

// [out][1][h][w] -> [1][h][w][out]
Constant as_depthwise(const Constant& weights, const std::vector<std::int64_t>&) {
  return transposed(with_height(weights), {1, 2, 3, 0});
}

// with = {groups}: [out][in of a group][h][w] -> [out][h][w][in]
Constant as_dense_groups(const Constant& weights, const std::vector<std::int64_t>& with) {
  const Constant narrow = as_ohwi(weights, {});
  const std::int64_t groups = with[0], inner = narrow.shape[3], outputs = narrow.shape[0];
  const std::int64_t taps = narrow.shape[1] * narrow.shape[2];
  Constant wide{narrow.element, narrow.shape, {}};
  wide.shape[3] = inner * groups;
  wide.values.assign(static_cast<std::size_t>(checked_elems(wide.shape, "its filter with all groups")), 0);
  std::size_t at = 0;
  for (std::int64_t o = 0; o < outputs; ++o) {
    const std::int64_t first = o / (outputs / groups) * inner;
    for (std::int64_t tap = 0; tap < taps; ++tap)
      for (std::int64_t c = 0; c < inner; ++c)
        wide.values[static_cast<std::size_t>((o * taps + tap) * inner * groups + first + c)] = narrow.values[at++];
  }
  return wide;
}

void set_groups(Layer& layer, std::int64_t groups, const Shape& weights, std::int64_t channels) {
  require(groups >= 1 && weights[1] * groups == channels && weights[0] % groups == 0,
          "its filter of shape " + ir::shape_text(weights) + " in " + std::to_string(groups) +
              " groups does not go with " + std::to_string(channels) + " input channels");
  layer.arrange = as_ohwi;
  if (groups == 1) return;
  if (groups == channels) {
    layer.kind = ir::OpKind::depthwise_conv2d;
    layer.arrange = as_depthwise;
    layer.our_axis = 3;
    layer.attributes.depth_multiplier = static_cast<int>(weights[0] / channels);
    return;
  }
  require(groups <= kMaxDenseGroups,
          "it has " + std::to_string(groups) + " groups on " + std::to_string(channels) + " channels",
          "one group, one for each channel, or at most " + std::to_string(kMaxDenseGroups),
          "use a depthwise convolution followed by a pointwise one");
  layer.arrange = as_dense_groups;
  layer.with = {groups};
}

}  // namespace

void read_conv(const Node& node) {
  Importer& importer = node.importer;
  const View& x = node.view(0);
  Layer layer;
  layer.name = node.output_name();
  layer.weights = &node.constant_value(1, "weights");
  const Shape& weights = layer.weights->constant.shape;
  layer.input = importer.build.image(x);
  const std::size_t dimensions = x.shape.size() - 2;
  require(weights.size() == dimensions + 2 && ir::elems(weights) > 0, "its filter has shape " + ir::shape_text(weights),
          std::to_string(dimensions + 2) + " dimensions");
  const Shape& image = importer.build.tensor(layer.input).shape;
  set_groups(layer, node.integer("group", 1), weights, x.shape[1]);
  const Window window = window_of(node, image, {weights.begin() + 2, weights.end()}, dimensions);
  set_window(window, layer.attributes);
  const std::int64_t channels = weights[0];
  if (node.has(2)) set_bias(layer, node.constant_value(2, "bias"), channels, 1);
  take_bias_behind(node, layer, channels, 1, x.shape.size());
  layer.output = {1, window.output[0], window.output[1], channels};

  Shape seen{1, channels, window.output[0], window.output[1]};
  if (dimensions == 1) seen.erase(seen.begin() + 2);
  checked_elems(seen, "its output");
  const Emitted emitted = emit_layer(node, std::move(layer));
  View view = plain_view(emitted.tensor, seen);
  view.stored = atoms_of(view, channels_last(seen.size()));
  view.dequantized = emitted.is_int8;
  importer.set_view(emitted.name, std::move(view));
}

}  // namespace edgesmith::convert::onnx
