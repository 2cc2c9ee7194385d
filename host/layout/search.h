#pragma once
// Operator order and offsets together.

#include "host/layout/peak.h"

namespace edgesmith::layout {

struct Found {
  Order order;
  Placement placement;  // of blocks_of(model, order); proven: nothing is lower in any order that was open to it
};

/// `least` = least_peak(model, Counting::shared_and_scratch). Without `reorder` the steps stay as they are. Where two
/// orders need the same, the one as given stays.
Found search(const Model& model, const Peak& least, bool reorder);

}  // namespace edgesmith::layout
