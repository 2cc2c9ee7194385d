#pragma once

namespace edgesmith::report {

/// The page's style sheet: light and dark by the reader's preference, phones to wide screens, and print.
const char* style_sheet();

}  // namespace edgesmith::report
