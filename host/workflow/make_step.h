#pragma once
// make: every step that is stale, nothing that is fresh.
//
//   import -> train -> plan -> build -> test -> report
// Each step's stamp is a hash of what goes into it, the stamp of the step before included.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "host/project/project.h"

namespace edgesmith {

struct MadeStep {
  std::string name;
  bool ran = false;  // false: it was fresh
  double seconds = 0;
  std::string note;  // one line on what came out, or why it was left out
};

struct MakeResult {
  std::vector<MadeStep> steps;
  std::string run, plan_id;
  std::string report;              // path of the page
  std::vector<std::string> unmet;  // checks that do not hold: mismatches, [accept]
};

MakeResult make_project(const Project& project, bool fresh);
nlohmann::ordered_json to_json(const MakeResult& result);

}  // namespace edgesmith
