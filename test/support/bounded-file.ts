/** Loaded before each test file: one that does not end by itself, because something it opened is still open, fails in bounded time. */
const milliseconds = Number(process.env['TEST_FILE_MILLISECONDS'] ?? 270_000);

setTimeout(() => {
  process.stderr.write(
    `still running after ${milliseconds / 1000} s: ${process.getActiveResourcesInfo().join(', ')}\n`,
  );
  process.exit(1);
}, milliseconds).unref();
