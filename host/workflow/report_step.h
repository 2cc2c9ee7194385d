#pragma once
// report: everything there is to say about a run, as a page, JSON and text.

#include <string>
#include <vector>

#include "host/report/report.h"
#include "host/workflow/run_model.h"

namespace edgesmith {

struct ReportResult {
  report::Report report;
  std::string summary;             // one line
  std::vector<std::string> unmet;  // mismatches and [accept] goals
};

/// Evaluates float and int8 on the test split; on a board that can be run here also tests the firmware over the link
/// and evaluates it. Writes runs/<run>/report.html, report.json and manifest.json.
ReportResult report_run(const Project& project, const Run& run);

/// The page and a readable manifest are there.
bool has_report(const Run& run);

/// From the run's manifest, without doing anything again.
std::string report_plan_id(const Run& run);
std::vector<std::string> recorded_unmet(const Run& run);

}  // namespace edgesmith
