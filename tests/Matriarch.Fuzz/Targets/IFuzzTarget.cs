namespace Matriarch.Fuzz;

/// <summary>Something that reads what others sent.</summary>
internal interface IFuzzTarget
{
    /// <summary>One word, for a finding's file.</summary>
    string Name { get; }

    /// <summary>Plays the script. Whatever is thrown is a finding.</summary>
    /// <param name="script">Perhaps damaged.</param>
    /// <param name="random">Draws in which pieces it comes.</param>
    void Play(Script script, Random random);
}
