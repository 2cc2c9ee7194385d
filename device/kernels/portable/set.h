#pragma once
// The portable kernels as a set that the executor can be given.

#include "device/kernels/operators.h"

namespace edgesmith {
namespace kernels {
namespace portable {

extern const KernelSet kSet;

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
