#pragma once
// The parts of a report, each made from one result.

#include "host/report/report.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/evaluate_step.h"
#include "host/workflow/split_step.h"
#include "host/workflow/test_step.h"

namespace edgesmith {

std::vector<report::RoadStep> road_part(const Project& project, const RoadPlan& road);
report::WindowFlow flow_part(const Project& project, const SplitResult& split);
report::Training training_part(const Project& project, const Run& run);
report::StageResult stage_part(const EvaluateResult& result, const std::string& note);
report::DecisionRules decision_part(const Project& project, const CompiledPlan& plan, const RunDecision& decision);
report::Verification verification_part(const TestResult& bulk, const TestResult& link);
report::Instructions instructions_part(const TestResult& test);
report::Arena arena_part(const CompiledPlan& plan);
std::vector<report::Memory> memory_part(const Project& project, const std::string& board, const MemoryUse& use);
std::vector<report::TensorContract> contract_part(const CompiledPlan& plan);

}  // namespace edgesmith
