#pragma once
// What concerns several keys at once, and the values that need a second look. Each function finishes the draft's
// project for its sections; none looks at keys that were reported already.

#include "host/project/keys.h"

namespace edgesmith {

void check_input(Draft& draft, Problems& problems);       // [project] [input]
void check_data(const Draft& draft, Problems& problems);  // [data]
void check_conditioning(const Draft& draft, Problems& problems);
void check_window(Draft& draft, Problems& problems);  // [window]
void check_features(const Draft& draft, Problems& problems);
void check_model(const Draft& draft, Problems& problems);  // [model], after the window
void check_labels(const Draft& draft, Problems& problems);
void check_split(const Draft& draft, Problems& problems);
void check_decision(Draft& draft, Problems& problems);

void check_all(Draft& draft, Problems& problems);

/// ErrorText of a combination that cannot be: code "project.impossible".
ErrorText impossible(std::string what, std::string expected = "", std::string found = "", std::string try_this = "");

/// The first entry that stands twice; null when all differ.
const std::string* first_duplicate(const std::vector<std::string>& names);

}  // namespace edgesmith
