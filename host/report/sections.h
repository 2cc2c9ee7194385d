#pragma once
// The page's sections: data -> HTML fragment, empty where there is nothing to show.

#include <string>

#include "host/report/report.h"

namespace edgesmith::report {

std::string figures_html(const std::vector<Figure>& figures, std::string_view css);
std::string verdict_html(const Verification& verification);
std::string road_html(const std::vector<RoadStep>& road);
std::string flow_html(const WindowFlow& flow);
std::string training_html(const Training& training);
std::string results_html(const Report& report);
std::string decision_html(const DecisionRules& decision);
std::string verification_html(const Verification& verification);
std::string instructions_html(const Instructions& instructions);
std::string memory_html(const Report& report);
std::string contract_html(const std::vector<TensorContract>& contract);

/// "Every one of 2,113 windows ..." or "3 of ...": the same sentence on the page and in the terminal.
std::string verdict_text(const Verification& verification);

}  // namespace edgesmith::report
