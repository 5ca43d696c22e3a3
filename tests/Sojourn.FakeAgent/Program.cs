using Sojourn.FakeAgent;

// An agent without a model, for tests: it does what its prompts say, and remembers its conversations.
//   sojourn-fake-agent claude DIR [--behaviour NAME] [Claude Code's arguments]
//       lines of JSON as Claude Code speaks them
//   sojourn-fake-agent acp DIR [--behaviour NAME]
//       the Agent Client Protocol, version 1
// DIR holds what it remembers, and prompts.jsonl: all that it was ever asked. The first word of a prompt is the script:
// see Script. Behaviours: exit, silent, deaf, stateless, no-echo, cannot-resume, loads, needs-login, version-2,
// same-asks; unread, which reads one line; mute, which takes prompts, says so on its error output, and nothing else
// ever.
if (args is not [var protocol and ("claude" or "acp"), var directory, .. var options])
{
    Console.Error.WriteLine("sojourn-fake-agent claude|acp DIR [--behaviour NAME]");
    return 2;
}

var behaviour = Array.IndexOf(options, "--behaviour") is >= 0 and var at && at + 1 < options.Length
    ? options[at + 1] : "";
using var deafness = behaviour == "deaf" ? new Deafness() : null;
var memory = new Memory(directory);
switch (behaviour)
{
    case "exit":
        Console.Error.WriteLine("It has no wish to live.");
        return 3;
    case "silent":
        await Console.In.ReadToEndAsync();
        return 0;
    default:
        var code = protocol == "claude"
            ? await new ClaudeFake(memory, behaviour, options).RunAsync()
            : await new AcpFake(memory, behaviour).RunAsync();
        if (deafness is not null)
        {
            await Task.Delay(Timeout.Infinite);
        }

        return code;
}
