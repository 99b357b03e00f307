// One server and one gateway for all: a script that looks at what the server does must be alone there.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Matriarch.Compatibility.TwoSides))]
