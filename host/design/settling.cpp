#include "host/design/settling.h"

#include <algorithm>
#include <cmath>

namespace edgesmith::design {
namespace {

constexpr double kForgotten = 0.05;
constexpr double kForEver = 1e8;  // samples; still adds up over the steps of a chain

std::uint32_t settling_samples(const ConditioningStep& step) {
  if (step.kind == "median") return static_cast<std::uint32_t>(step.length - 1);
  if (step.kind != "ema" || step.alpha >= 1) return 0;
  return static_cast<std::uint32_t>(std::min(kForEver, std::ceil(std::log(kForgotten) / std::log1p(-step.alpha))));
}

}  // namespace

std::uint32_t settling_samples(const std::vector<ConditioningStep>& steps) {
  std::uint32_t samples = 0;
  for (const ConditioningStep& step : steps)
    samples += settling_samples(step);
  return samples;
}

}  // namespace edgesmith::design
