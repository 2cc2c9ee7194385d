#pragma once
// Run folders: runs/<date>_<tag>_<n>, and runs/current, a text file that names the one in use.

#include <filesystem>
#include <string>

#include "host/project/project.h"

namespace edgesmith {

/// Files of a run.
struct Run {
  std::string name;
  std::filesystem::path folder;

  std::filesystem::path metrics() const {
    return folder / "metrics.csv";
  }
  std::filesystem::path checkpoint() const {
    return folder / "checkpoint.safetensors";
  }
  std::filesystem::path result() const {
    return folder / "result.json";
  }
  std::filesystem::path float_model() const {
    return folder / "model_float.tflite";
  }
  std::filesystem::path int8_model() const {
    return folder / "model_int8.tflite";
  }
  std::filesystem::path features() const {
    return folder / "features.json";
  }  // normalisation, self-test statistics
  std::filesystem::path splits() const {
    return folder / "splits.json";
  }  // as they were in training
  std::filesystem::path decision() const {
    return folder / "decision.json";
  }  // thresholds in force
  std::filesystem::path plan() const {
    return folder / "model.plan";
  }
  std::filesystem::path manifest() const {
    return folder / "manifest.json";
  }
  std::filesystem::path report() const {
    return folder / "report.html";
  }
  std::filesystem::path report_json() const {
    return folder / "report.json";
  }
};

/// A new, empty run folder that is not current yet.
Run new_run(const Project& project);
void make_current(const Project& project, const Run& run);

/// The run named, or the current one when `name` is empty. Errors name the runs that exist.
Run find_run(const Project& project, const std::string& name);
bool has_run(const Project& project);

}  // namespace edgesmith
