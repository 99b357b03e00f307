namespace Matriarch.Client;

/// <summary>Body of every answer that is not a success.</summary>
/// <param name="Error">One line: what is wrong.</param>
/// <param name="WhatToDo">One line: the remedy; empty when the error says it.</param>
public sealed record ApiError(string Error, string WhatToDo);
