using FhirCarePlan.Server.Commands;

namespace FhirCarePlan.Server.Tests.Commands;

public class FactsCommandTests
{
    [Fact]
    public void Refuses_a_folder_that_is_not_there() => Assert.Equal(2, FactsCommand.Run("no/such/folder", "facts.ndjson"));
}
