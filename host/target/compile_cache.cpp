#include "host/target/compile_cache.h"

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/process.h"
#include "host/base/text.h"

namespace edgesmith {
namespace {

constexpr unsigned kCompilersAtOnce = 2;

/// Hash of a file, computed once: most headers belong to every source. Empty when it cannot be read.
class FileHashes {
 public:
  std::string of(const fs::path& file) {
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = known_.try_emplace(file.string());
    if (fresh && fs::is_regular_file(file)) at->second = sha256_file(file);
    return at->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> known_;
};

/// The files that a makefile rule names behind its colon; "\ " is a blank in a name, "\" at a line's end goes on.
std::vector<fs::path> dependencies(const std::string& rule) {
  std::vector<fs::path> files;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) files.emplace_back(word);
    word.clear();
  };
  for (std::size_t i = rule.find(": ") + 1; i < rule.size(); ++i) {
    const char next = i + 1 < rule.size() ? rule[i + 1] : '\0';
    if (rule[i] == '\\' && next == '\n') {
      end_word();
      ++i;
    } else if (rule[i] == '\\' && next == ' ') {
      word.push_back(' ');
      ++i;
    } else if (rule[i] == ' ' || rule[i] == '\n') {
      end_word();
    } else {
      word.push_back(rule[i]);
    }
  }
  end_word();
  return files;
}

/// True when every "hash path" line of `inputs` still holds, the object's own among them.
bool unchanged(const fs::path& object, const fs::path& inputs, FileHashes& hashes) {
  if (!fs::exists(object) || !fs::exists(inputs)) return false;
  std::istringstream lines(read_text(inputs));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos || hashes.of(line.substr(blank + 1)) != line.substr(0, blank)) return false;
  }
  return true;
}

[[noreturn]] void compiler_failed(const fs::path& source, const std::string& said) {
  throw Error{{.code = "build.compiler",
               .what = "the compiler refused a source file:\n" + said,
               .where = source.string(),
               .expected = {},
               .found = {},
               .try_this = "if the file is generated, this is a defect of Edgesmith: please report it"}};
}

/// True when the object had to be made.
bool compile_one(const Compilation& unit, const fs::path& object, FileHashes& hashes) {
  const fs::path inputs = object.string() + ".inputs", rule = object.string() + ".d";
  if (unchanged(object, inputs, hashes)) return false;
  fs::remove(inputs);
  std::vector<std::string> command = unit.command;
  for (const std::string& word : {std::string("-MD"), std::string("-MF"), rule.string(), std::string("-c"),
                                  unit.source.string(), std::string("-o"), object.string()}) {
    command.push_back(word);
  }
  const ProcessResult result = run_process(command);
  if (result.status != 0) compiler_failed(unit.source, result.output);
  std::string list;
  for (const fs::path& file : dependencies(read_text(rule)))
    list += hashes.of(file) + " " + file.string() + "\n";
  list += sha256_file(object) + " " + object.string() + "\n";
  write_text(inputs, list);
  return true;
}

fs::path object_path(const Compilation& unit, const fs::path& folder) {
  const std::string key = sha256(join(unit.command, "\n") + "\n" + unit.source.string());
  return folder / (unit.source.stem().string() + "-" + key.substr(0, 16) + ".o");
}

}  // namespace

CompiledObjects compile_all(const std::vector<Compilation>& units, const fs::path& folder) {
  fs::create_directories(folder);
  CompiledObjects result;
  for (const Compilation& unit : units)
    result.objects.push_back(object_path(unit, folder));
  FileHashes hashes;
  std::atomic<std::size_t> next = 0;
  std::atomic<int> compiled = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < units.size(); i = next++) {
        if (compile_one(units[i], result.objects[i], hashes)) ++compiled;
      }
    } catch (...) {
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
      next = units.size();
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < kCompilersAtOnce; ++i)
    others.emplace_back(work);
  work();
  for (std::thread& other : others)
    other.join();
  if (failure) std::rethrow_exception(failure);
  result.compiled = compiled;
  result.reused = static_cast<int>(units.size()) - result.compiled;
  return result;
}

}  // namespace edgesmith
