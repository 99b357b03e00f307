namespace Matriarch.Cli.Tests.Configuration;

/// <summary>A choice of two words, one of them made of two.</summary>
internal enum LogFormat
{
    Console,
    JsonLines,
}
