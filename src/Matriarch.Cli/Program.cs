using Matriarch.Cli;

Func<string, string?> variable = Environment.GetEnvironmentVariable;
var environment = new CliEnvironment(
    Consoles.Create(Console.Out, Console.IsOutputRedirected, variable),
    Consoles.Create(Console.Error, Console.IsErrorRedirected, variable),
    Console.In,
    IsTerminal: !Console.IsOutputRedirected && !string.Equals(variable("TERM"), "dumb", StringComparison.Ordinal),
    CanAsk: !Console.IsInputRedirected,
    TimeProvider.System,
    variable,
    OwnProgram.Current(),
    Environment.IsPrivilegedProcess);
return await new MatriarchCli(environment).RunAsync(args);
