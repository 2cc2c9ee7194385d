#pragma once
// verify: is this network what the framework meant, and what would another rounding change?

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "host/workflow/network_file.h"

namespace edgesmith {

struct VerifyRequest {
  NetworkFile model;
  std::filesystem::path input, expect;  // the framework's own input and output; empty: noise, nothing to compare with
  bool probe = false;
};

/// How one operator's results differ between the two rounding modes, on equal inputs.
struct RoundingDifference {
  int node = -1;  // index in the file
  std::string op, name;
  std::size_t values = 0, differing = 0;
  int max_steps = 0;
};

/// Distance of two sets of real values.
struct Loss {
  double max = 0, mean = 0;
};

/// conversion: float arithmetic on the stored weights, against the framework's outputs.
/// quantization: the network as it stands, against that float arithmetic; 0 for float networks.
struct Losses {
  Loss conversion, quantization, total;
};

struct VerifyResult {
  std::vector<RoundingDifference> rounding;  // operators that differ; empty for float networks
  std::size_t operators = 0;
  std::optional<Losses> losses;
  std::vector<std::string> findings;  // of the probes: what looks wrong, in words
};

/// Errors: those of reading the network and its tensors; "verify.ends" when --expect is given and the network has
/// several inputs or outputs.
VerifyResult verify_network_file(const VerifyRequest& request);

nlohmann::ordered_json to_json(const VerifyResult& result);
std::string to_text(const VerifyResult& result);

}  // namespace edgesmith
