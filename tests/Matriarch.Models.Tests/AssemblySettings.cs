[assembly: AssemblyFixture(typeof(Matriarch.Models.Tests.ModelRuns))]
