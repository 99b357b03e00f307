namespace Matriarch.Core;

/// <summary>
/// Something that the person at the keyboard can put right: one line that says what is wrong, and one that says what to
/// do. Commands print both on standard error and exit with <see cref="ExitCode"/>; no stack trace is shown.
/// </summary>
public sealed class UserException(string message, string whatToDo = "", int exitCode = 1, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The remedy, or empty when the message already says it.</summary>
    public string WhatToDo { get; } = whatToDo;

    /// <summary>1 for a refused or failed request, 2 for wrong usage.</summary>
    public int ExitCode { get; } = exitCode;
}
