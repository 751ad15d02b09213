/** What `--help` says of many images. */
export const fleetHelp = `Many images in one process, each layer read once: sluice scan --from-file FILE [flags]
  FILE has one target a line; blank lines and what follows a # do not count, and - is standard input. The table shows
  one row an image, worst first. -o json writes one line of JSON an image, in the order of FILE; -o FORMAT=FOLDER/
  writes one report an image, in files named by the target, percent-encoded. An image that can't be read is reported
  and does not stop the others. As many as 2 images a thread are in work at once, 8 at most.
  Exit codes: 2 an image stops · else 1 an image could not be read · else 3 an image is undecided · else 0`;
