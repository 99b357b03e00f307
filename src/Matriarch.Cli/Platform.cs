using System.Runtime.Versioning;

// Processes are told apart by /proc and files have modes: the program is for Linux, as its PostgreSQL servers are.
[assembly: SupportedOSPlatform("linux")]
