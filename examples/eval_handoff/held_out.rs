//! The held-out phrasing: written once, before the extractor, and not consulted while it was tuned.

use super::phrasing::{Phrases, Revision};

/// How people would say it, set aside.
pub(crate) const PHRASES: Phrases = Phrases {
    decisions: &[
        "OK, I've slept on it and {v} gets the nod, because {r}.",
        "Right, {v} it'll be. What swung it for me is that {r}.",
        "The group voted and {v} came out on top since {r}.",
        "I pulled the trigger on {v} in the end; {r}, and that mattered most.",
        "Consider it settled, {v} is what we build on, seeing that {r}.",
        "After all that back and forth we've plumped for {v}, mostly as {r}.",
        "Management signed {v} off this morning. The argument that won: {r}.",
        "So we're all in on {v} then, given {r}.",
    ],
    rejected: &[
        "{v} is dead to us, the licence killed it.",
        "We looked hard at {v} and walked away.",
        "Strike {v} from the list please, it broke in the trial.",
        "Nobody on our side could live with {v}, so that one's gone.",
        "I'd had high hopes for {v} but it fell at the first hurdle.",
        "{v} got the thumbs down from everyone.",
        "We won't be bothering with {v} any longer.",
        "Thanks, but {v} is a non-starter for us.",
    ],
    rules: &[
        "One thing that's sacred here: nobody is to {v}.",
        "Please see to it that you never ever {v}.",
        "I'd ask you not to {v}, whatever anybody says later.",
        "Hard requirement from legal, no exceptions: do not {v}.",
        "It is strictly out of bounds to {v}.",
        "You're not permitted to {v} without asking me.",
        "Under any and all conditions, refrain from any attempt to {v}.",
        "Promise me we don't {v} at any point.",
    ],
    paths: &[
        "The thing you're after lives under {v} on the old box.",
        "I keep my copy in {v}, in case that's useful.",
        "Have a look inside {v}, that's where it gets read from.",
        "It's all sitting in {v} right now.",
        "When it starts it slurps {v} and nothing else.",
    ],
    numbers: &[
        "Last I measured, the whole thing came to {v}.",
        "We were quoted {v} for it, all in.",
        "It tops out at {v} in practice.",
        "I clocked it at {v} on a quiet evening.",
        "The landlord mentioned {v}, for what that's worth.",
    ],
    open: &[
        "What nobody could tell me so far is {v}.",
        "I keep going round in circles on {v}.",
        "We've parked the matter of {v} until someone knows more.",
        "Still scratching my head about {v}.",
        "One loose end remains: {v}.",
        "Legal hasn't come back to us regarding {v}.",
        "Honestly I couldn't say yet {v}.",
    ],
    next: &[
        "{o} has promised to {v} no later than {d}.",
        "Before {d} somebody, meaning {o}, ought to {v}.",
        "{o}'s job for {d}: {v}.",
        "Could you keep in mind that {o} gets to {v} come {d}.",
        "I've put {o} down to {v} on {d}.",
        "The idea is that {o} will {v}, ideally by {d}.",
    ],
    errors: &[
        "Ran it twice and got slapped with `{v}` both times.",
        "It dies on me saying {v}.",
        "All the console gives me is {v} and then silence.",
        "Here's what it spat out: {v}",
        "The build on the other laptop chokes: {v}",
    ],
    revisions: &[
        Revision {
            first: "As things stand {t} sits at {v}.",
            later: "Small correction, {t} has crept up to {w} by now.",
        },
        Revision {
            first: "Put {t} down as {v} for the moment.",
            later: "Turns out I had {t} wrong, it should read {w}.",
        },
        Revision {
            first: "They told us {t} would be {v}.",
            later: "They came back to us and {t} ends up at {w} after all.",
        },
        Revision {
            first: "For {t} I've been assuming {v}.",
            later: "Scrap what I said about {t}: {w} is the figure to use.",
        },
        Revision { first: "Our {t} has been {v} for ages.", later: "As of this week {t} got bumped to {w}." },
    ],
};

/// What a person lets slip in an everyday conversation; the words in `[…]` are what must survive.
pub(crate) const SAID: &[&str] = &[
    "My grandmother on my mum's side came from [{city}], so the recipe is kind of hers.",
    "I traded my old bike for a [{colour} canoe] and honestly no regrets.",
    "We're a household of [{n} people] if you count the lodger.",
    "I've been seeing a physio called [{name}] about the knee.",
    "Funny you mention it, the kids go to [{name} Street School] now.",
    "I turned down the job at [{brand}] back in [{month}].",
    "I do night shifts at a [{work}], which messes with my sleep.",
    "My flight back is out of [{city}] at [{hour}].",
    "The vet reckons [{pet}] weighs about [{n} kg], which is a lot for a dachshund.",
    "I picked up the [{craft}] habit from my neighbour, [{name}].",
    "The rent went up to [${price}] which stung a bit.",
    "For context I run the [{club}] on Thursdays.",
    "I'm lactose intolerant so [{food}] is basically my treat.",
    "I had [{n} guests] over on Saturday and we ran out of chairs.",
    "My dad was a [{work}] for thirty years, so I grew up around that.",
    "I ended up paying [${price}] for the [{thing}], from a guy in [{city}].",
    "It's our [{n}th anniversary] in [{month}] and I haven't planned a thing.",
    "I usually swim [{n} laps] before breakfast.",
    "I can't stand [{food}], never could, so leave that out.",
    "I got my [{craft}] certificate from [{brand} Academy] last spring.",
    "The car's a [{year} {brand}], it leaks a little.",
    "I sold [{n} jars] of chutney at the market in [{city}].",
    "Our landlady, [{name}], lets us use the garden.",
    "I moved out of [{city}] when I was [{n}].",
    "I've a soft spot for [{book}], must have read it a dozen times.",
    "The wifi box is hidden behind the [{colour} bookcase], don't ask.",
    "I owe my cousin [{name}] a dinner after the move.",
    "I started the [{club}] with two friends from uni.",
    "I broke my wrist [{craft}], of all things, in [{month}].",
    "Took the train, [{n} hours] door to door.",
];

/// What only an answer says.
pub(crate) const ANSWERED: &[&str] = &[
    "A small place worth a detour is [{name}'s Kitchen], tucked away behind the station in {city}.",
    "**[{brand} Trail {n}]** – sturdy, light and well within what you want to spend.",
    "The film you are describing is most likely *[{book}]*, released in {year}.",
    "That works out at roughly [{n} litres] over the whole week.",
    "If you want a name, ask for [{name} {name}], who has run the workshop since {year}.",
    "In that scale the usual ratio is [1:{n}], give or take.",
    "**[{club} at {city}]**: beginners are welcome and the first evening costs nothing.",
    "The tradition started in [{city}] in [{year}].",
];

/// What an everyday conversation is made of otherwise, on the person's side.
pub(crate) const CHATTER: &[&str] = &[
    "Hm, fair enough.",
    "That second one sounds doable to me.",
    "Cheers, super helpful as always!",
    "Could you dig a bit deeper into the third point?",
    "What would be a sensible order to do these in?",
    "I guess I could give that a go at the weekend.",
    "Is there anything that beginners tend to get wrong here?",
    "Rewrite that so it sounds less stiff.",
    "How do people normally handle this?",
    "Give me a few more in the same vein.",
    "Ha, I hadn't considered that angle.",
    "Would the same hold for a smaller kitchen?",
    "Let me think about it and come back to you.",
    "Turn this into a short checklist please.",
    "Which of those would you start with and why?",
    "I'm trying to get a bit more organised around the house, where should I begin?",
    "I want to surprise a friend with something homemade, nothing too fancy.",
    "I'm curious how this works in other countries.",
];
