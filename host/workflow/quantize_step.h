#pragma once
// quantize: the trained float network of a run -> int8 network, thresholds, plan. The same bytes on every machine.

#include <string>

#include <nlohmann/json.hpp>

#include "host/workflow/run_model.h"

namespace edgesmith {

struct QuantizeResult {
  std::string run;
  std::size_t weights_bytes = 0;
  std::string threshold_source;
};
nlohmann::ordered_json to_json(const QuantizeResult& result);

/// For a run that was trained before.
QuantizeResult quantize_run(const Project& project, const std::string& run_name);

/// For a run being made: quantises model_float.tflite unless the int8 network is there already, finds the thresholds
/// and writes the plan.
QuantizeResult finish_run(const Project& project, const Run& run, const RoadPlan& road, const ProjectData& data,
                          const FeatureSet& features);

}  // namespace edgesmith
