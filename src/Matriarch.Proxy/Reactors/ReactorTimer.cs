namespace Matriarch.Proxy;

/// <summary>One timer, made once for what it is of, and set as often as that needs it.</summary>
/// <param name="callback">Called on the reactor when it is due. It is not set any more then.</param>
internal sealed class ReactorTimer(Action callback)
{
    internal const long NotSet = -1;
    internal const long Calling = -2;

    /// <summary>Whether it is still to come.</summary>
    public bool IsSet => DueTick != NotSet;

    internal Action Callback { get; } = callback;

    internal long DueTick { get; set; } = NotSet;

    internal ReactorTimer? Next { get; set; }

    internal ReactorTimer? Previous { get; set; }
}
