#pragma once
// Recordings through a board: what every window became there.

#include <string>
#include <vector>

#include "host/target/harness.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/project_data.h"

namespace edgesmith {

/// Recordings as the harness sends them.
std::vector<Stretch> stretches_of(const RoadPlan& road, const ProjectData& data,
                                  const std::vector<std::size_t>& recordings);

/// Builds the generated back end and runs it in bulk; one list of traces a recording. Error (unavailable) when the
/// board cannot be run here.
std::vector<std::vector<WindowTrace>> run_on_device(const Project& project, const Run& run, const std::string& board,
                                                    const ProjectData& data,
                                                    const std::vector<std::size_t>& recordings);

}  // namespace edgesmith
