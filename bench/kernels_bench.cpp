// The kernel sets of every machine on layers of the size that a motion model has.

#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "device/kernels/portable/kernels.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith::kernels {
namespace {

/// Weights and tensors of one layer, filled with noise.
struct Layer {
  std::vector<std::int8_t> weights, input, output, shift;
  std::vector<std::int32_t> bias, multiplier;

  Layer(std::size_t weight_count, std::size_t input_count, std::size_t output_count, std::size_t channels)
      : weights(weight_count),
        input(input_count),
        output(output_count),
        shift(channels, -7),
        bias(channels, 100),
        multiplier(channels, 1518500250) {
    std::mt19937 random(1);
    for (auto* values : {&weights, &input}) {
      for (std::int8_t& value : *values)
        value = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
    }
  }
  Weights constants() const {
    return {{weights.data(), weights.size()},
            {bias.data(), bias.size()},
            {multiplier.data(), multiplier.size()},
            {shift.data(), shift.size()}};
  }
  Span<const std::int8_t> in() const {
    return {input.data(), input.size()};
  }
  Span<std::int8_t> out() {
    return {output.data(), output.size()};
  }
};

void report_macs(benchmark::State& state, std::int64_t macs) {
  state.counters["MAC/s"] =
      benchmark::Counter(static_cast<double>(macs * state.iterations()), benchmark::Counter::kIsRate);
}

/// Arguments: samples, input channels, output channels.
template <auto kKernel>
void conv_1d(benchmark::State& state) {
  const auto width = static_cast<std::int32_t>(state.range(0)), in = static_cast<std::int32_t>(state.range(1)),
             out = static_cast<std::int32_t>(state.range(2));
  constexpr std::int32_t kTaps = 5;
  const Conv2dParams params = {1, width, in, 1, kTaps, 1, width, out, 1, 1, 1, 1, 0, 2, 3, -4, -128, 127, 1, 1};
  Layer layer(static_cast<std::size_t>(out * kTaps * in), static_cast<std::size_t>(width * in),
              static_cast<std::size_t>(width * out), static_cast<std::size_t>(out));
  for (auto _ : state) {
    kKernel(params, layer.constants(), layer.in(), layer.out());
    benchmark::DoNotOptimize(layer.output.data());
  }
  report_macs(state, std::int64_t{width} * out * kTaps * in);
}
BENCHMARK(conv_1d<reference::conv2d_s8>)->Args({80, 3, 12})->Args({40, 12, 24})->Args({20, 24, 24});
BENCHMARK(conv_1d<portable::conv2d_s8>)->Args({80, 3, 12})->Args({40, 12, 24})->Args({20, 24, 24});

template <auto kKernel>
void depthwise_1d(benchmark::State& state) {
  const auto width = static_cast<std::int32_t>(state.range(0)), channels = static_cast<std::int32_t>(state.range(1));
  constexpr std::int32_t kTaps = 5;
  const Conv2dParams params = {1, width, channels, 1, kTaps, 1,  width, channels, 1, 1,
                               1, 1,     0,        2, 3,     -4, -128,  127,      1, 1};
  Layer layer(static_cast<std::size_t>(kTaps * channels), static_cast<std::size_t>(width * channels),
              static_cast<std::size_t>(width * channels), static_cast<std::size_t>(channels));
  for (auto _ : state) {
    kKernel(params, layer.constants(), layer.in(), layer.out());
    benchmark::DoNotOptimize(layer.output.data());
  }
  report_macs(state, std::int64_t{width} * kTaps * channels);
}
BENCHMARK(depthwise_1d<reference::depthwise_conv2d_s8>)->Args({40, 24});
BENCHMARK(depthwise_1d<portable::depthwise_conv2d_s8>)->Args({40, 24});

template <auto kKernel>
void fully_connected(benchmark::State& state) {
  const auto in = static_cast<std::int32_t>(state.range(0)), out = static_cast<std::int32_t>(state.range(1));
  const FullyConnectedParams params = {1, in, out, 3, -4, -128, 127, 1, 1};
  Layer layer(static_cast<std::size_t>(in * out), static_cast<std::size_t>(in), static_cast<std::size_t>(out),
              static_cast<std::size_t>(out));
  for (auto _ : state) {
    kKernel(params, layer.constants(), layer.in(), layer.out());
    benchmark::DoNotOptimize(layer.output.data());
  }
  report_macs(state, std::int64_t{in} * out);
}
BENCHMARK(fully_connected<reference::fully_connected_s8>)->Args({240, 32})->Args({32, 16});
BENCHMARK(fully_connected<portable::fully_connected_s8>)->Args({240, 32})->Args({32, 16});

}  // namespace
}  // namespace edgesmith::kernels
