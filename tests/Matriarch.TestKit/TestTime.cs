namespace Matriarch.TestKit;

/// <summary>Real time and real randomness, for tests that drive real processes; everything else injects its
/// own.</summary>
public static class TestTime
{
    /// <summary>The clock of this machine.</summary>
    public static TimeProvider Real => TimeProvider.System;
}
