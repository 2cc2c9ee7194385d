#pragma once
// The report's charts, one file each: data -> HTML fragment (a <figure>, or a table that serves as a heat map).

#include <string>
#include <vector>

#include "host/report/report.h"

namespace edgesmith::report {

/// Loss and validation scores over the epochs, the best one marked.
std::string training_charts(const Training& training);

/// Rows true, columns predicted; counts with the share of their row.
std::string confusion_matrix(const StageResult& result, const std::vector<std::string>& labels);

/// Bands as wide as their number of windows.
std::string flow_chart(const WindowFlow& flow);

/// How many windows took how many instructions, one chart per stage.
std::string instruction_charts(const Instructions& instructions);

/// x = operator, y = bytes: which tensor holds which part of the arena when.
std::string arena_chart(const Arena& arena);

/// Stacked bar of what takes the memory, above it the same against the budget.
std::string memory_chart(const Memory& memory);

/// CSS class of the i-th colour; they repeat after seven.
std::string series_class(std::size_t index);

}  // namespace edgesmith::report
