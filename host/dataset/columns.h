#pragma once
// Which column of a table is the time, the label, a channel.

#include <optional>
#include <string>
#include <vector>

#include "host/dataset/csv.h"
#include "host/dataset/import.h"

namespace edgesmith::dataset {

struct Columns {
  std::optional<std::size_t> time, label;
  std::vector<std::size_t> channels;
  std::vector<std::string> channel_names;  // one per channel
  std::vector<std::string> guesses;
};

/// What the options name, the rest guessed: time by name, or a first column of steadily rising numbers; label by name;
/// channels are all other columns that hold numbers. Throws Error for a name that the table lacks.
Columns find_columns(const CsvTable& table, const std::string& file, const ImportOptions& options);

}  // namespace edgesmith::dataset
