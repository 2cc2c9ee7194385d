#pragma once
// The reference kernels as a set that the executor can be given.

#include "device/kernels/operators.h"

namespace edgesmith {
namespace kernels {
namespace reference {

extern const KernelSet kSet;

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
