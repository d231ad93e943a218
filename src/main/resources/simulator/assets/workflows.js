// A few graphs to choose from; each Run gets a picture of its own.

const image = color => ({
  class_type: 'EmptyImage', inputs: { width: 512, height: 512, batch_size: 1, color }, _meta: { title: 'Empty Image' },
});
const save = from => ({
  class_type: 'SaveImage', inputs: { images: [from, 0], filename_prefix: 'simulated' }, _meta: { title: 'Save Image' },
});
const work = (class_type, inputs, title) => ({ class_type, inputs: { image: ['1', 0], ...inputs }, _meta: { title } });

const middle = {
  quick: ['Quick, 3 s', () => work('SimPreview', { seconds: 3, count: 15, bytes: 4096 }, 'Sampler, 3 s')],
  long: ['Long, 20 s', () => work('SimSleep', { seconds: 20, steps: 40 }, 'Sampler, 20 s')],
  fails: ['Fails after 2 s', () => work('SimFail', { seconds: 2, message: 'CUDA out of memory (simulated)' }, 'Sampler')],
  forever: ['Never ends', () => work('SimForever', { steps: 20 }, 'Sampler without end')],
};

export const choices = Object.entries(middle).map(([value, [label]]) => ({ value, label }));

export function graph(choice) {
  return { 1: image(Math.floor(Math.random() * 0xffffff)), 2: middle[choice][1](), 3: save('2') };
}
