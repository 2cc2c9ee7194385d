// edgesmith-train JOB_FOLDER: trains the job in that folder and writes its results there. `edgesmith train` runs it as
// a program of its own, because loading libtorch takes longer than most commands do altogether.

#include <cstdio>
#include <exception>
#include <string>

#include "host/base/error.h"
#include "host/train/job.h"
#include "host/train/torch/trainer.h"

namespace {

int fail(int status, const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace edgesmith;
  if (argc != 2) return fail(static_cast<int>(ErrorKind::request), "usage: edgesmith-train JOB_FOLDER");
  try {
    const std::filesystem::path folder = argv[1];
    train::run_job(train::read_job(folder), folder);
    return 0;
  } catch (const Error& error) {
    return fail(static_cast<int>(error.kind), to_text(error.text));
  } catch (const std::exception& error) {
    const std::string what = error.what();  // libtorch appends a backtrace
    return fail(static_cast<int>(ErrorKind::defect), "edgesmith-train: " + what.substr(0, what.find('\n')));
  }
}
