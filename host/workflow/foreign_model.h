#pragma once
// [model] file: a network that was made elsewhere, under our features, window and decision.

#include "host/workflow/runs.h"

namespace edgesmith {

/// Reads the file and leaves model_float.tflite in the run, or model_int8.tflite when it is quantised already. Logits
/// get a SOFTMAX behind them, so that decisions always see probabilities.
void adopt_foreign_model(const Project& project, const Run& run);

}  // namespace edgesmith
