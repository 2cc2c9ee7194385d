#pragma once
// How long a conditioning chain needs after a reset until it has forgotten how it was primed.

#include <cstdint>
#include <vector>

#include "host/project/project.h"

namespace edgesmith::design {

/// Samples until the first one weighs less than 5 % in the chain's output. Clamp and despike need none, a median its
/// length less one, an EMA ceil(ln 0.05 / ln(1 - alpha)); steps in series add up.
std::uint32_t settling_samples(const std::vector<ConditioningStep>& steps);

}  // namespace edgesmith::design
